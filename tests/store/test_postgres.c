/* SPDX-License-Identifier: Apache-2.0 */
/* What PostgreSQL needs beyond what is asked of both stores. On the other store
 * these tests are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include <cmocka.h>

#include "idp/base/metrics.h"
#include "idp/tables/epoch.h"
#include "idp/tables/spent.h"
#include "tests/store_kit.h"

static enum err
find(struct kit *k, int number)
{
    struct digest id = kit_digest(number);
    const char *grant_id = NULL;

    return store_spent_find(k->st, k->arena, &id, &grant_id);
}

/* --- Connections lost --- */

static void
the_next_statement_survives_the_end_of_the_connection(void **state)
{
    struct kit *k = *state;

    if (kit_is_sqlite())
        skip();
    kit_backend_end(k->db, kit_backend_of(k->st));
    assert_int_equal(kit_spend(k->st, 1), OK);
    kit_backend_end(k->db, kit_backend_of(k->st));
    assert_int_equal(find(k, 1), OK);
}

static void
a_transaction_begun_after_the_end_of_the_connection_is_no_trouble(void **state)
{
    struct kit *k = *state;
    int64_t pid;

    if (kit_is_sqlite())
        skip();
    pid = kit_backend_of(k->st);
    assert_int_equal(store_begin(k->st), OK);
    kit_backend_end(k->db, pid);
    assert_int_equal(kit_spend(k->st, 1), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(find(k, 1), OK);
}

static void
a_connection_lost_inside_a_transaction_leaves_nothing(void **state)
{
    struct kit *k = *state;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(kit_spend(k->st, 1), OK);
    kit_backend_end(k->db, kit_backend_of(k->st));
    assert_int_equal(kit_spend(k->st, 2), ERR_UNAVAILABLE);
    assert_int_equal(store_commit(k->st), ERR_UNAVAILABLE);

    assert_int_equal(find(k, 1), ERR_NOT_FOUND);
    assert_int_equal(kit_spend(k->st, 2), OK);
}

static void
a_connection_lost_at_commit_is_unknown(void **state)
{
    struct kit *k = *state;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(kit_spend(k->st, 1), OK);
    kit_backend_end(k->db, kit_backend_of(k->st));
    assert_int_equal(store_commit(k->st), ERR_UNKNOWN);

    assert_false(store_in_transaction(k->st));
    assert_int_equal(find(k, 1), ERR_NOT_FOUND);
}

static void
a_connection_lost_in_the_middle_of_a_change_is_unknown(void **state)
{
    static const char sql[] = "UPDATE epoch SET value = value"
                              " WHERE pg_terminate_backend(pg_backend_pid())";
    struct kit *k = *state;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(kit_run(k->st, sql), ERR_UNKNOWN);
    assert_int_equal(kit_spend(k->st, 1), OK);
}

static void
rolling_back_a_lost_transaction_is_no_trouble(void **state)
{
    struct kit *k = *state;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(kit_spend(k->st, 1), OK);
    kit_backend_end(k->db, kit_backend_of(k->st));
    store_rollback(k->st);
    assert_int_equal(kit_spend(k->st, 1), OK);
}

/* --- Prepared statements and standbys --- */

static void
a_statement_that_the_server_has_forgotten_is_prepared_again(void **state)
{
    struct kit *k = *state;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(kit_spend(k->st, 1), OK);
    assert_int_equal(kit_run(k->st, "DEALLOCATE ALL"), OK);
    assert_int_equal(kit_spend(k->st, 2), OK);

    assert_int_equal(kit_run(k->st, "DEALLOCATE ALL"), OK);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(kit_spend(k->st, 3), OK);
    assert_int_equal(kit_spend(k->st, 4), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(find(k, 4), OK);
}

static void
a_server_that_has_become_read_only_is_left(void **state)
{
    static const char sql[] = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
    struct kit *k = *state;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(kit_run(k->st, sql), OK);
    assert_int_equal(kit_spend(k->st, 1), OK);

    assert_int_equal(kit_run(k->st, sql), OK);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(kit_spend(k->st, 2), OK);
    assert_int_equal(store_commit(k->st), OK);
}

/* --- Serialization --- */

static enum err
add_one(struct store *st, void *ctx)
{
    static const char write[] = "UPDATE epoch SET value = $1 WHERE name = 'partner'";
    struct epochs epochs = { 0 };
    enum err err = kit_run(st, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");

    (void)ctx;
    if (err == OK)
        err = store_epoch_read(st, &epochs);
    if (err != OK)
        return err;
    const struct arg args[] = { arg_int(epochs.partner + 1), ARG_END };
    return store_run(st, &(struct query) { .sql = write, .args = args });
}

static enum err
add_one_in_thread(struct store *st, int thread, void *ctx)
{
    (void)thread;
    return store_change(st, add_one, ctx);
}

static void
changes_that_could_not_be_serialized_are_run_again(void **state)
{
    struct kit *k = *state;
    struct epochs epochs;
    enum err outcomes[KIT_THREADS_MAX];

    if (kit_is_sqlite())
        skip();
    for (int round = 0; round < 10; round++) {
        kit_race(k->db, 4, add_one_in_thread, NULL, outcomes);
        assert_int_equal(kit_count(outcomes, 4, OK), 4);
    }
    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.partner, 40);
    assert_true(metric_read(METRIC_STORE_RETRIES) > 0);
}

/* --- Servers that are not fit --- */

static void
a_server_that_does_not_wait_for_the_disk_is_refused(void **state)
{
    struct kit *k = *state;
    struct database *db = NULL;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(
        database_open(arena_printf(k->arena, "%s%%20-csynchronous_commit%%3Doff", kit_url()),
                      &KIT_BOUNDS, &db),
        ERR_INVALID);
}

static void
on_server(const char *sql)
{
    PGconn *connection = PQconnectdb(getenv("TONGXING_TEST_POSTGRES"));

    PQclear(PQexec(connection, sql));
    PQfinish(connection);
}

static void
a_database_that_is_not_utf8_is_refused(void **state)
{
    struct kit *k = *state;
    const char *server = getenv("TONGXING_TEST_POSTGRES");
    struct database *db = NULL;
    char *url;

    if (kit_is_sqlite())
        skip();
    url = arena_text(k->arena, server);
    assert_non_null(strrchr(url, '/'));
    *strrchr(url, '/') = '\0';
    on_server("CREATE DATABASE test_not_utf8 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    assert_int_equal(
        database_open(arena_printf(k->arena, "%s/test_not_utf8", url), &KIT_BOUNDS, &db),
        ERR_INVALID);
    on_server("DROP DATABASE test_not_utf8");
}

static void
a_value_that_the_server_refuses_is_a_bug_and_dooms_nothing_else(void **state)
{
    static const char sql[] = "INSERT INTO spent (id, grant_id, until) VALUES ($1, $2, 1)";
    struct kit *k = *state;
    struct digest id = kit_digest(1);
    const struct arg args[] = { arg_digest(&id), arg_text("\xff not UTF-8"), ARG_END };

    if (kit_is_sqlite())
        skip();
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .args = args }), ERR_INTERNAL);
    assert_int_equal(kit_spend(k->st, 1), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(the_next_statement_survives_the_end_of_the_connection),
        kit_test(a_transaction_begun_after_the_end_of_the_connection_is_no_trouble),
        kit_test(a_connection_lost_inside_a_transaction_leaves_nothing),
        kit_test(a_connection_lost_at_commit_is_unknown),
        kit_test(a_connection_lost_in_the_middle_of_a_change_is_unknown),
        kit_test(rolling_back_a_lost_transaction_is_no_trouble),
        kit_test(a_statement_that_the_server_has_forgotten_is_prepared_again),
        kit_test(a_server_that_has_become_read_only_is_left),
        kit_test(changes_that_could_not_be_serialized_are_run_again),
        kit_test(a_server_that_does_not_wait_for_the_disk_is_refused),
        kit_test(a_database_that_is_not_utf8_is_refused),
        kit_test(a_value_that_the_server_refuses_is_a_bug_and_dooms_nothing_else),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
