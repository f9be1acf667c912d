/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/attempts.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/tables/credential.h"
#include "keys/secret.h"
#include "tests/commands/kit.h"

#define HER_NUMBER "11010519491231002X"

/* --- A person, whom no command makes --- */

static enum err
password_put(struct store *store, void *state)
{
    const struct credential_key key = credential_password("p_her");

    (void)state;
    return store_credential_insert(store, &key, "x", 1767225600);
}

static void
person_put(struct ctx *ctx)
{
    const struct person person = {
        .person_id = "p_her",
        .state = PERSON_ACTIVE,
        .name = "张三",
        .identity_number = HER_NUMBER,
        .phone = "+8613800138000",
        .birth_date = 19491231,
        .phone_verified_at = ctx->now,
    };
    const struct digest identity = identity_digest(ctx, person.identity_number);
    const struct digest phone = phone_digest(ctx, person.phone);

    assert_int_equal(person_insert(ctx, &person), OK);
    assert_int_equal(
        store_person_key_insert(ctx->store, PERSON_KEY_IDENTITY, &identity, "p_her", ctx->now), OK);
    assert_int_equal(
        store_person_key_insert(ctx->store, PERSON_KEY_PHONE, &phone, "p_her", ctx->now), OK);
    assert_int_equal(evidence_add(ctx, "p_her", EVIDENCE_BANK_CARD, "T1"), OK);
    assert_int_equal(store_change(ctx->store, password_put, NULL), OK);
}

/* What the commands find in the store. */
static void
in_the_workshop(void (*work)(struct ctx *ctx))
{
    struct arena *arena = arena_new(16U << 20);
    struct workshop shop = { .settings = NULL };

    assert_null(workshop_open(arena, "c", NEED_KEYS, &shop));
    work(&shop.ctx);
    workshop_close(&shop);
    arena_free(arena);
}

static int64_t
number_in(const char *sql)
{
    int64_t number = -1;
    sqlite3_stmt *statement;
    sqlite3 *db;

    assert_int_equal(sqlite3_open("store.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

/* --- --- */

static const char *const verbs[] = { "find",     "show",         "unlock", "disable", "enable",
                                     "sessions", "end-sessions", "close",  "deceased" };

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static void
a_person_who_is_not_there_is_not_found(void **state)
{
    static const struct {
        const char *name;
        const char *sentence;
    } names[] = {
        { "p_nobody", "there is no person p_nobody" },
        { "13900139000", "there is no person 13900139000" },
        { "440106196204150020", "there is no person 440106196204150020" },
        { "somebody", "\"somebody\" is no id (p_…), no phone number and no identity number" },
        { "440106196204150021", "is no id (p_…), no phone number and no identity number" },
    };
    char line[256];
    char sentence[256];

    (void)state;
    assert_done("migrate --config c", "");
    assert_failed("person disable p_nobody --config c", "kek cannot be used");
    assert_done("key init --config c", "");
    for (size_t i = 0; i < VERBS; i++)
        for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
            snprintf(line, sizeof(line), "person %s %s --config c", verbs[i], names[j].name);
            snprintf(sentence, sizeof(sentence), "tongxing: person %s: ", verbs[i]);
            assert_failed(line, sentence);
            assert_non_null(strstr(kit_err, names[j].sentence));
            assert_string_equal(kit_out, "");
        }
}

static void
she_is_found_by_id_phone_and_identity_number_and_her_data_is_masked(void **state)
{
    static const char *const names[] = { "p_her", "13800138000", "+8613800138000", HER_NUMBER };
    char line[256];

    (void)state;
    in_the_workshop(person_put);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(line, sizeof(line), "person find %s --config c", names[i]);
        assert_done(line, "p_her");
        assert_non_null(strstr(kit_out, "138****8000"));
        assert_non_null(strstr(kit_out, "110***********002X"));
        assert_null(strstr(kit_out, "张三"));
        assert_null(strstr(kit_out, HER_NUMBER));
        assert_null(strstr(kit_out, "13800138000"));
    }
    assert_done("person find p_her --json --config c",
                "[{\"person_id\":\"p_her\",\"state\":\"active\",\"name\":\"");
}

static void
all_of_her_is_shown(void **state)
{
    (void)state;
    assert_done("person show 13800138000 --config c", "person id                p_her\n");
    assert_non_null(strstr(kit_out, "state                    active\n"));
    assert_non_null(strstr(kit_out, "level                    2\n"));
    assert_non_null(strstr(kit_out, "password since           2026-01-01 08:00:00+08:00\n"));
    assert_non_null(strstr(kit_out, "sessions                 0\n"));
    assert_non_null(strstr(kit_out, "\nevidence\n"));
    assert_non_null(strstr(kit_out, "bank_card  China UnionPay"));
    assert_null(strstr(kit_out, HER_NUMBER));
    assert_done("person show p_her --json --config c", "{\"person_id\":\"p_her\"");
    assert_non_null(strstr(kit_out, "\"evidence\":[{\"kind\":\"bank_card\""));
    assert_non_null(strstr(kit_out, "\"wrong_passwords\":[]}\n"));
}

static void
she_is_shown_whole_for_a_reason_that_the_audit_trail_keeps(void **state)
{
    (void)state;
    assert_done("person show p_her --unmask --reason ticket-20261127-001 --config c", "张三");
    assert_non_null(strstr(kit_out, HER_NUMBER));
    assert_non_null(strstr(kit_out, "+8613800138000"));
    assert_done("person find p_her --unmask --reason ticket-4711 --config c", HER_NUMBER);
    assert_int_equal(number_in("SELECT COUNT(*) FROM audit WHERE event = 'person.seen' AND"
                               " person_id = 'p_her' AND channel = 'operator' AND address LIKE"
                               " 'uid %' AND reason LIKE 'ticket-%'"),
                     2);
}

static void
without_a_reason_that_may_be_kept_she_is_not(void **state)
{
    static const struct {
        const char *options;
        const char *sentence;
    } wrong[] = {
        { "--unmask", "--unmask needs --reason TEXT" },
        { "--reason ticket-1", "--reason goes with --unmask" },
        { "--unmask --reason abc", "it must have 4 to 100 characters" },
        { "--unmask --reason call-138-0013-8000", "digits as of a phone or identity number" },
        { "--unmask --reason no-" HER_NUMBER, "digits as of a phone or identity number" },
        { "--unmask --reason 张三-called", "it says her name" },
    };
    char line[256];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        snprintf(line, sizeof(line), "person show p_her %s --config c", wrong[i].options);
        assert_failed(line, wrong[i].sentence);
        assert_string_equal(kit_out, "");
        snprintf(line, sizeof(line), "person find p_her %s --config c", wrong[i].options);
        assert_failed(line, wrong[i].sentence);
        assert_string_equal(kit_out, "");
    }
    assert_int_equal(number_in("SELECT COUNT(*) FROM audit WHERE event = 'person.seen'"), 2);
}

static void
wrong_passwords_put(struct ctx *ctx)
{
    const struct attempt_line line = { ATTEMPT_PASSWORD, "+8613800138000 1.2.3.4", NULL,
                                       "+8613800138000" };
    struct attempt_verdict verdict;

    for (int i = 0; i < 5; i++)
        assert_int_equal(attempts_take(ctx, &line, 1, &verdict), OK);
}

static void
what_she_got_wrong_is_shown_and_forgotten(void **state)
{
    (void)state;
    assert_done("person unlock p_her --config c", "has no wrong passwords counted.\n");
    in_the_workshop(wrong_passwords_put);
    assert_done("person show p_her --config c", "password  5      20");
    assert_done("person unlock 13800138000 --config c", "can try again at once.");
    assert_done("person show p_her --json --config c", "\"wrong_passwords\":[]}");
    assert_int_equal(number_in("SELECT COUNT(*) FROM audit WHERE event = 'lock.clear'"), 1);
}

static void
her_sessions_are_listed_and_ended(void **state)
{
    (void)state;
    assert_done("person sessions p_her --config c", "session id");
    assert_done("person sessions p_her --json --config c", "[]\n");
    kit_sql("INSERT INTO session (sid, handle, person_id, channel, amr, level, auth_time, seen_at,"
            " expires_at, ended_at) VALUES ('s_1', zeroblob(32), 'p_her', 'web', 'pwd sms', 2,"
            " 1767225600, 1767225700, 99999999999, 0)");
    kit_sql("INSERT INTO partner_grant (grant_id, person_id, partner_id, sid, scope, claims, acr,"
            " amr, auth_time, offline, generation, rotated_at, created_at, expires_at, ended_at)"
            " VALUES ('g_1', 'p_her', 'hall', 's_1', 'openid', '', '', 'pwd', 1, 0, 1, 1, 1,"
            " 99999999999, 0)");
    assert_done("person sessions p_her --config c", "2026-01-01 08:01:40+08:00");
    assert_non_null(strstr(kit_out, "web      pwd sms  2      hall\n"));
    assert_done("person sessions p_her --json --config c",
                "[{\"session_id\":\"s_1\",\"since\":1767225600,\"last_seen\":1767225700,");
    assert_done("person end-sessions p_her --plan --config c",
                "is active; 1 sessions and 1 grants would end.\n");
    assert_done("person close 13800138000 --plan --config c", "138****8000 is active; 1 sessions");
    assert_done("person end-sessions p_her --config c", "is logged out everywhere");
    assert_done("person sessions p_her --json --config c", "[]\n");
    assert_int_equal(number_in("SELECT COUNT(*) FROM partner_grant WHERE ended_at = 0"), 0);
    assert_int_equal(number_in("SELECT state FROM person WHERE person_id = 'p_her'"),
                     PERSON_ACTIVE);
}

/* What a stop ends is tested with it, in tests/session/test_stop.c. */
static void
she_is_stopped_and_let_in_again_unless_her_account_is_closed(void **state)
{
    char line[256];

    (void)state;
    assert_done("person disable 13800138000 --config c", "is disabled: what was open has ended");
    assert_null(strstr(kit_out, "张三"));
    assert_done("person unlock p_her --config c", "But she is disabled.\n");
    assert_done("person enable p_her --config c", "can log in.");
    assert_done("person deceased p_her --config c", "is marked as deceased");
    assert_done("person enable p_her --config c", "can log in.");
    assert_done("person close p_her --config c", "is closed for good");
    assert_done("person close p_her --config c", "is closed for good");
    for (size_t i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i], "disable") != 0 && strcmp(verbs[i], "enable") != 0 &&
            strcmp(verbs[i], "deceased") != 0)
            continue;
        snprintf(line, sizeof(line), "person %s p_her --config c", verbs[i]);
        assert_failed(line, "138****8000 is closed, and stays so");
        assert_string_equal(kit_out, "");
    }
    assert_int_equal(number_in("SELECT state FROM person WHERE person_id = 'p_her'"),
                     PERSON_CLOSED);
}

static void
when_she_was_seen_alive_last_is_shown(void **state)
{
    (void)state;
    assert_done("person show p_her --config c", "person id                p_her\n");
    assert_null(strstr(kit_out, "survival"));
    kit_sql("INSERT INTO survival (person_id, survival_id, how, confirmed_at, until, staff_id,"
            " counter_id) VALUES ('p_her', 'su_1', 1, 1767225600, 1801411200, 'li', 'k_1')");
    assert_done("person show p_her --config c",
                "survival until           2027-02-01 00:00:00+08:00\n");
    assert_non_null(strstr(kit_out, "survival counter         k_1\n"));
}

static void
one_whose_data_is_damaged_can_be_stopped_as_well(void **state)
{
    (void)state;
    kit_sql("INSERT INTO person (person_id, state, name_sealed, identity_sealed, phone_sealed,"
            " birth_date, phone_verified_at, created_at, updated_at)"
            " VALUES ('p_1', 1, x'', x'', x'', 0, 0, 1, 1)");
    assert_done("person disable p_1 --config c", "p_1 is disabled: ");
    assert_done("person show p_1 --config c", "data                     cannot be read: ");
    assert_done("person find p_1 --config c", "p_1        disabled");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_who_is_not_there_is_not_found),
        cmocka_unit_test(she_is_found_by_id_phone_and_identity_number_and_her_data_is_masked),
        cmocka_unit_test(all_of_her_is_shown),
        cmocka_unit_test(she_is_shown_whole_for_a_reason_that_the_audit_trail_keeps),
        cmocka_unit_test(without_a_reason_that_may_be_kept_she_is_not),
        cmocka_unit_test(what_she_got_wrong_is_shown_and_forgotten),
        cmocka_unit_test(her_sessions_are_listed_and_ended),
        cmocka_unit_test(she_is_stopped_and_let_in_again_unless_her_account_is_closed),
        cmocka_unit_test(when_she_was_seen_alive_last_is_shown),
        cmocka_unit_test(one_whose_data_is_damaged_can_be_stopped_as_well),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
