/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/migrate.h"
#include "tests/store/migrate_kit.h"

#include <string.h>

#include "idp/store/driver.h"

static int64_t
count_files(void)
{
    int64_t count = 0;

    while (schema_files[count].name != NULL)
        count++;
    return count;
}

static void
an_empty_database_is_not_fit_to_serve(void **state)
{
    struct migrate_kit *f = *state;
    const char *why;

    assert_int_equal(check(f, &why), ERR_INVALID);
    assert_string_equal(why, "the schema lacks 0001_foundation.sql: run tongxing migrate");
}

static void
a_schema_of_the_version_before_lacks_its_next_migration(void **state)
{
    struct migrate_kit *f = *state;
    const char *why;

    run(f->st, "DELETE FROM schema_migration WHERE version > 1");
    assert_int_equal(check(f, &why), ERR_INVALID);
    assert_string_equal(why, "the schema lacks 0002_bounds.sql: run tongxing migrate");
}

static void
the_plan_of_an_empty_database_is_all_and_changes_nothing(void **state)
{
    struct migrate_kit *f = *state;
    struct buf plan = buf_new(f->arena, 100);
    int64_t pending = 0;
    bool exists = true;

    assert_int_equal(store_migrate_plan(f->st, &plan, &pending), OK);
    assert_int_equal(pending, count_files());
    assert_non_null(strstr(plan.at, "0001_foundation.sql: "));
    assert_non_null(strstr(plan.at, " statements\n"));
    assert_int_equal(f->db->driver->has_table(f->st, "schema_migration", &exists), OK);
    assert_false(exists);
}

static void
a_migrated_database_is_fit_and_nothing_is_pending(void **state)
{
    struct migrate_kit *f = *state;
    struct buf plan = buf_new(f->arena, 100);
    int64_t pending = 9;

    assert_fit(f);
    assert_int_equal(store_migrate_plan(f->st, &plan, &pending), OK);
    assert_int_equal(pending, 0);
    assert_string_equal(plan.at, "the schema is up to date\n");
    assert_int_equal(count_applied(f->st), count_files());
}

static void
migrating_twice_is_migrating_once(void **state)
{
    struct migrate_kit *f = *state;

    assert_int_equal(store_migrate(f->st, env_machine()), OK);
    assert_int_equal(count_applied(f->st), count_files());
}

static enum err
migrate_in_thread(struct store *st, int thread, void *ctx)
{
    (void)thread;
    (void)ctx;
    return store_migrate(st, env_machine());
}

static void
of_4_nodes_that_start_at_once_each_finds_it_migrated(void **state)
{
    struct migrate_kit *f = *state;
    enum err outcomes[KIT_THREADS_MAX];

    kit_race(f->db, 4, migrate_in_thread, NULL, outcomes);

    assert_int_equal(kit_count(outcomes, 4, OK), 4);
    assert_int_equal(count_applied(f->st), count_files());
    assert_fit(f);
}

static void
a_migration_whose_text_has_changed_is_refused(void **state)
{
    struct migrate_kit *f = *state;

    run(f->st, "UPDATE schema_migration SET checksum = 'other' WHERE version = 1");
    assert_unfit(f, "the schema is not this program's: 0001_foundation.sql was applied, "
                    "where it has 0001_foundation.sql of another text");
}

static void
a_migration_that_comes_between_ours_is_refused(void **state)
{
    struct migrate_kit *f = *state;

    run(f->st, "UPDATE schema_migration SET version = 99, name = '0099_odd.sql' WHERE version = 2");
    assert_unfit(f, "the schema is not this program's: 0003_audit_refusal.sql was applied, "
                    "where it has 0002_bounds.sql of another text");
}

static void
script(struct store *st, const char *sql)
{
    assert_int_equal(st->db->driver->script(st, sql), OK);
}

static const char *const what_came_since[] = {
    "DELETE FROM epoch WHERE name = 'not_before'",
    "DROP INDEX session_staff",
    "DROP TABLE staff",
    "DROP TABLE counter",
    "DROP TABLE sitting",
    "DROP TABLE acting",
    "DROP TABLE staff_proposal",
    "DROP TABLE staff_act",
    "DROP TABLE survival",
    "DROP INDEX audit_actor",
    "DROP INDEX audit_counter",
    "ALTER TABLE audit DROP COLUMN actor",
    "ALTER TABLE audit DROP COLUMN counter_id",
    "DROP INDEX physical_card_card_key",
    "DROP TABLE physical_card",
    "DROP TABLE feed",
    "DROP TABLE ecard",
    "DROP TABLE ecard_past",
    "DROP TABLE card_link",
    "DROP TABLE card_family",
    "DROP TABLE card_use",
    "DELETE FROM epoch WHERE name IN ('card_time', 'card_epoch')",
    "DROP TABLE device_secret",
    "DROP TABLE terminal",
    "DROP TABLE external_identity",
    "DROP TABLE held_token",
    "DROP INDEX session_terminal_id",
    "DROP TABLE pending",
    "DROP INDEX session_lent_by",
    "ALTER TABLE session DROP COLUMN device",
    "ALTER TABLE session DROP COLUMN network",
    "ALTER TABLE session DROP COLUMN browser",
    "ALTER TABLE session DROP COLUMN partner_id",
    "ALTER TABLE session DROP COLUMN terminal_id",
    "ALTER TABLE session DROP COLUMN lent_by",
    "DROP INDEX attempt_owner",
    "ALTER TABLE attempt DROP COLUMN owner",
    "ALTER TABLE partner DROP COLUMN secret_at",
    "ALTER TABLE partner DROP COLUMN before_digest",
    "ALTER TABLE partner DROP COLUMN before_sealed",
    "ALTER TABLE partner DROP COLUMN before_until",
    "DROP TABLE audit_checkpoint",
    "DROP INDEX audit_run",
    "DROP INDEX audit_person_at",
    "DROP INDEX audit_partner_at",
    "DROP INDEX audit_request",
    "CREATE INDEX audit_person ON audit (person_id)",
    "ALTER TABLE audit DROP COLUMN run",
    "ALTER TABLE audit DROP COLUMN lane",
    "ALTER TABLE audit DROP COLUMN seq",
    "ALTER TABLE audit DROP COLUMN mac",
    "ALTER TABLE person DROP COLUMN secured_at",
    "ALTER TABLE attempt DROP COLUMN form",
    "ALTER TABLE attempt DROP COLUMN form_before",
    "ALTER TABLE one_time_code DROP COLUMN tried",
    "ALTER TABLE session DROP COLUMN subject_kind",
    "ALTER TABLE partner_grant DROP COLUMN subject_kind",
    "ALTER TABLE partner_grant DROP COLUMN actor",
    "ALTER TABLE partner_grant DROP COLUMN bound_key",
    "ALTER TABLE audit DROP COLUMN subject_kind",
    "DROP TABLE person_credential",
    "DROP TABLE revoked",
    "DROP TABLE outbox",
    "DROP TABLE lease",
    "DROP INDEX audit_refusal_at",
    "ALTER TABLE audit DROP COLUMN refusal",
    "ALTER TABLE partner DROP COLUMN since",
    "ALTER TABLE partner DROP COLUMN removed_at",
    "DROP INDEX partner_grant_live",
    "DROP INDEX partner_grant_held",
    "CREATE INDEX partner_grant_sid ON partner_grant (sid)",
    "CREATE INDEX partner_grant_person ON partner_grant (person_id)",
    "DELETE FROM schema_migration WHERE version > 1",
    "DROP TABLE schema_mark",
    "INSERT INTO partner (partner_id, profile, updated_at) VALUES ('hall', '{}', 5)",
};

static enum err
back_to_0001(struct store *st, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < sizeof(what_came_since) / sizeof(what_came_since[0]); i++)
        script(st, what_came_since[i]);
    return OK;
}

/* As programs of before left it. */
static void
a_schema_without_marks_gets_them_with_the_next_migration(void **state)
{
    struct migrate_kit *f = *state;
    bool exists = false;

    assert_int_equal(store_change(f->st, back_to_0001, NULL), OK);
    assert_int_equal(store_migrate(f->st, env_machine()), OK);
    assert_int_equal(f->db->driver->has_table(f->st, "schema_mark", &exists), OK);
    assert_true(exists);
    assert_fit(f);
}

static void
a_migration_that_fails_leaves_nothing(void **state)
{
    struct migrate_kit *f = *state;

    /* As if it had never been applied: its first CREATE TABLE is refused. */
    run(f->st, "DELETE FROM schema_migration");
    run(f->st, "DELETE FROM schema_mark");
    assert_int_not_equal(store_migrate(f->st, env_machine()), OK);
    assert_int_equal(count_applied(f->st), 0);
}

/* A clock that goes half a minute further whenever it is looked at. */
static unix_s
hurry(struct env *env)
{
    unix_s *now = env->state;

    *now += 30;
    return *now;
}

static enum err
no_randomness_needed(struct env *env, void *out, size_t size)
{
    (void)env;
    memset(out, 7, size);
    return OK;
}

static enum err
drop_all_but_the_lease(struct store *st, void *ctx)
{
    enum err err = st->db->driver->script(st, "DROP TABLE schema_migration");

    (void)ctx;
    return err == OK ? st->db->driver->script(st, "DROP TABLE schema_mark") : err;
}

/* So that a migration is missing, and the lease is asked for. */
static void
forget_migrations(struct migrate_kit *f)
{
    assert_int_equal(store_change(f->st, drop_all_but_the_lease, NULL), OK);
}

static void
the_lease_of_a_dead_node_is_taken_when_it_is_over(void **state)
{
    struct migrate_kit *f = *state;
    unix_s now = 1000;
    struct env env = { hurry, no_randomness_needed, &now };

    run(f->st, "UPDATE schema_lease SET holder = 'dead', until = 1100");
    forget_migrations(f);
    /* It got as far as the first migration, which finds its tables there. */
    assert_int_not_equal(store_migrate(f->st, &env), OK);
    assert_true(now > 1100);
}

static void
a_lease_that_is_kept_is_not_waited_for_without_end(void **state)
{
    struct migrate_kit *f = *state;
    unix_s now = 1000;
    struct env env = { hurry, no_randomness_needed, &now };

    run(f->st, "UPDATE schema_lease SET holder = 'busy', until = 1000000");
    forget_migrations(f);
    assert_int_equal(store_migrate(f->st, &env), ERR_BUSY);
}

static void
the_tables_are_those_of_the_schema(void **state)
{
    struct migrate_kit *f = *state;
    bool exists = false;

    assert_int_equal(f->db->driver->has_table(f->st, "person", &exists), OK);
    assert_true(exists);
    assert_int_equal(f->db->driver->has_table(f->st, "nothing", &exists), OK);
    assert_false(exists);
}

/* --- 0002_bounds.sql on what version 0.1 left --- */

static void
consent_put(struct store *st, const char *consent_id, const char *partner_id, unix_s given_at,
            unix_s withdrawn_at)
{
    static const char sql[] =
        "INSERT INTO consent (person_id, consent_id, purpose, partner_id, scope, text_digest, "
        "channel, given_at, withdrawn_at) VALUES ('p1', $1, 'partner', $2, 'openid', $3, 'web', "
        "$4, $5)";
    struct digest digest = kit_digest(1);
    const struct arg args[] = { arg_text(consent_id), arg_text(partner_id),   arg_digest(&digest),
                                arg_time(given_at),   arg_time(withdrawn_at), ARG_END };

    assert_int_equal(store_run(st, &(struct query) { .sql = sql, .args = args }), OK);
}

/* withdrawn_at of the consent with that id; -1 when there is none. */
static int64_t
withdrawn_at(struct store *st, const char *consent_id)
{
    static const char sql[] = "SELECT withdrawn_at FROM consent WHERE consent_id = $1";
    const struct arg args[] = { arg_text(consent_id), ARG_END };
    int64_t at = 0;
    const struct out outs[] = { out_int(&at), OUT_END };
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });

    return err == OK ? at : -1;
}

static void
of_many_consents_to_one_partner_the_newest_goes_on_holding(void **state)
{
    struct migrate_kit *f = *state;

    assert_int_equal(store_change(f->st, back_to_0001, NULL), OK);
    consent_put(f->st, "c1", "hall", 10, 0);
    consent_put(f->st, "c2", "hall", 30, 0);
    consent_put(f->st, "c3", "hall", 30, 0);
    consent_put(f->st, "c4", "hall", 40, 45);
    consent_put(f->st, "c5", "bank", 20, 0);
    assert_int_equal(store_migrate(f->st, env_machine()), OK);
    assert_fit(f);
    assert_true(withdrawn_at(f->st, "c1") > 0);
    assert_true(withdrawn_at(f->st, "c2") > 0);
    assert_int_equal(withdrawn_at(f->st, "c3"), -1); /* the newest, and the last of its second */
    assert_int_equal(withdrawn_at(f->st, "partner/hall"), 0);
    assert_int_equal(withdrawn_at(f->st, "c4"), 45);
    assert_int_equal(withdrawn_at(f->st, "c5"), -1);
    assert_int_equal(withdrawn_at(f->st, "partner/bank"), 0);
}

static void
partners_of_before_were_always_there(void **state)
{
    static const char sql[] = "SELECT since + removed_at FROM partner WHERE partner_id = 'hall'";
    struct migrate_kit *f = *state;
    int64_t times = -1;
    const struct out outs[] = { out_int(&times), OUT_END };

    assert_int_equal(store_change(f->st, back_to_0001, NULL), OK);
    assert_int_equal(store_migrate(f->st, env_machine()), OK);
    assert_int_equal(store_run(f->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    assert_int_equal(times, 0);
}

/* Written as version 0.1 writes it, on the schema of today: an upgrade goes node by node. */
static void
statements_of_the_version_before_still_run(void **state)
{
    struct migrate_kit *f = *state;

    run(f->st, "INSERT INTO partner (partner_id, profile, secret_digest, secret_sealed, updated_at)"
               " VALUES ('app', '{}', NULL, NULL, 5)");
    run(f->st, "UPDATE partner SET profile = '{\"a\":1}' WHERE partner_id = 'app'");
    run(f->st, "DELETE FROM partner WHERE partner_id = 'app'");
    consent_put(f->st, "c1", "hall", 10, 0);
    consent_put(f->st, "c2", "hall", 20, 0);
}

int
main(void)
{
#define on(name, setup) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        on(an_empty_database_is_not_fit_to_serve, setup_empty),
        on(a_schema_of_the_version_before_lacks_its_next_migration, setup_migrated),
        on(the_plan_of_an_empty_database_is_all_and_changes_nothing, setup_empty),
        on(a_migrated_database_is_fit_and_nothing_is_pending, setup_migrated),
        on(migrating_twice_is_migrating_once, setup_migrated),
        on(of_4_nodes_that_start_at_once_each_finds_it_migrated, setup_empty),
        on(a_migration_whose_text_has_changed_is_refused, setup_migrated),
        on(a_migration_that_comes_between_ours_is_refused, setup_migrated),
        on(a_schema_without_marks_gets_them_with_the_next_migration, setup_migrated),
        on(a_migration_that_fails_leaves_nothing, setup_migrated),
        on(the_lease_of_a_dead_node_is_taken_when_it_is_over, setup_migrated),
        on(a_lease_that_is_kept_is_not_waited_for_without_end, setup_migrated),
        on(the_tables_are_those_of_the_schema, setup_migrated),
        on(of_many_consents_to_one_partner_the_newest_goes_on_holding, setup_migrated),
        on(partners_of_before_were_always_there, setup_migrated),
        on(statements_of_the_version_before_still_run, setup_migrated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
