/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/epoch.h"
#include "idp/tables/revocation.h"
#include "tests/store_kit.h"

/* --- By time --- */

static void
put(struct kit *k, int64_t bucket, unix_s at, const char *id)
{
    struct stored_revoked row = { bucket, at, id, arena_printf(k->arena, "g_%s", id), 1000 };

    assert_int_equal(store_revoked_insert(k->st, &row), OK);
}

static struct revoked_list
list_after(struct kit *k, struct revoked_after after)
{
    struct revoked_list list;

    assert_int_equal(store_revoked_list(k->st, k->arena, &after, &list), OK);
    return list;
}

static void
a_bucket_is_read_by_time_and_id_from_where_one_stopped(void **state)
{
    struct kit *k = *state;
    struct revoked_list list;

    put(k, 1, 11, "b");
    put(k, 1, 10, "c");
    put(k, 1, 10, "a");
    put(k, 2, 10, "d");
    list = list_after(k, (struct revoked_after) { 1, 10, "", 999 });
    assert_int_equal(list.count, 3);
    assert_string_equal(list.at[0].revoked_id, "a");
    assert_string_equal(list.at[0].target, "g_a");
    assert_int_equal(list.at[0].bucket, 1);
    assert_int_equal(list.at[0].at, 10);
    assert_int_equal(list.at[0].until, 1000);
    assert_string_equal(list.at[1].revoked_id, "c");
    assert_string_equal(list.at[2].revoked_id, "b");
    list = list_after(k, (struct revoked_after) { 1, 10, "a", 999 });
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].revoked_id, "c");
    assert_int_equal(list_after(k, (struct revoked_after) { 1, 11, "b", 999 }).count, 0);
}

static void
what_no_longer_matters_is_not_read(void **state)
{
    struct kit *k = *state;

    put(k, 1, 10, "a");
    assert_int_equal(list_after(k, (struct revoked_after) { 1, 0, "", 1000 }).count, 0);
}

static void
an_id_is_taken_once(void **state)
{
    struct kit *k = *state;
    struct stored_revoked row = { 1, 10, "a", "g_1", 1000 };

    assert_int_equal(store_revoked_insert(k->st, &row), OK);
    assert_int_equal(store_revoked_insert(k->st, &row), ERR_CONFLICT);
}

static enum err
put_a_page_and_one(struct store *st, void *ctx)
{
    struct kit *k = ctx;
    enum err err = OK;

    for (int i = 0; i < REVOCATION_PAGE + 1 && err == OK; i++) {
        struct stored_revoked row = { 1, 10, arena_printf(k->arena, "%04d", i), "g", 1000 };

        err = store_revoked_insert(st, &row);
    }
    return err;
}

static void
of_one_second_there_may_be_more_than_a_page(void **state)
{
    struct kit *k = *state;
    struct revoked_list list;

    assert_int_equal(store_change(k->st, put_a_page_and_one, k), OK);
    list = list_after(k, (struct revoked_after) { 1, 10, "", 1 });
    assert_int_equal(list.count, REVOCATION_PAGE);
    list = list_after(k, (struct revoked_after) { 1, 10, list.at[list.count - 1].revoked_id, 1 });
    assert_int_equal(list.count, 1);
}

/* Two transactions that revoke: neither waits for the other. One alone may write on SQLite. */
static void
who_revokes_waits_for_nobody_who_does(void **state)
{
    struct kit *k = *state;
    struct stored_revoked mine = { 1, 10, "a", "g_1", 1000 };
    struct stored_revoked theirs = { 1, 10, "b", "g_2", 1000 };
    struct store *other;

    if (kit_is_sqlite())
        skip();
    other = store_open(k->db);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_revoked_insert(k->st, &mine), OK);
    assert_int_equal(store_revoked_insert(other, &theirs), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(list_after(k, (struct revoked_after) { 1, 10, "", 1 }).count, 2);
    store_close(other);
}

/* --- By number, as the version before has it --- */

static enum err
revoke(struct store *st, void *ctx)
{
    return store_revocation_insert(st, ctx, 100);
}

static void
numbered_revocations_are_read_in_order_from_where_one_stopped(void **state)
{
    struct kit *k = *state;
    struct epochs epochs;
    struct revocation_list list;
    char first[] = "sid:s1";
    char second[] = "grant:g1";

    assert_int_equal(store_change(k->st, revoke, first), OK);
    assert_int_equal(store_change(k->st, revoke, second), OK);

    assert_int_equal(store_revocation_list(k->st, k->arena, 0, 99, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].target, "sid:s1");
    assert_int_equal(list.at[0].seq, 1);
    assert_int_equal(list.at[0].until, 100);
    assert_string_equal(list.at[1].target, "grant:g1");
    assert_int_equal(store_revocation_list(k->st, k->arena, 1, 99, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.revocation, 2);
}

static void
a_numbered_revocation_that_no_longer_matters_is_not_read(void **state)
{
    struct kit *k = *state;
    struct revocation_list list;
    char target[] = "sid:s1";

    assert_int_equal(store_change(k->st, revoke, target), OK);
    assert_int_equal(store_revocation_list(k->st, k->arena, 0, 100, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
a_numbered_revocation_needs_a_transaction(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_revocation_insert(k->st, "sid:s1", 100), ERR_INTERNAL);
}

static enum err
revoke_a_page_and_one(struct store *st, void *ctx)
{
    enum err err = OK;

    (void)ctx;
    for (int i = 0; i < REVOCATION_PAGE + 1 && err == OK; i++)
        err = store_revocation_insert(st, "sid:s1", 100);
    return err;
}

static void
numbered_revocations_are_read_in_pages(void **state)
{
    struct kit *k = *state;
    struct revocation_list list;

    assert_int_equal(store_change(k->st, revoke_a_page_and_one, NULL), OK);
    assert_int_equal(store_revocation_list(k->st, k->arena, 0, 1, &list), OK);
    assert_int_equal(list.count, REVOCATION_PAGE);
    assert_int_equal(store_revocation_list(k->st, k->arena, list.at[list.count - 1].seq, 1, &list),
                     OK);
    assert_int_equal(list.count, 1);
}

static enum err
revoke_in_thread(struct store *st, int thread, void *ctx)
{
    (void)thread;
    return store_change(st, revoke, ctx);
}

static void
numbered_revocations_of_16_threads_all_have_a_number_of_their_own(void **state)
{
    struct kit *k = *state;
    struct revocation_list list;
    enum err outcomes[KIT_THREADS_MAX];
    char target[] = "sid:s1";

    kit_race(k->db, 16, revoke_in_thread, target, outcomes);

    assert_int_equal(kit_count(outcomes, 16, OK), 16);
    assert_int_equal(store_revocation_list(k->st, k->arena, 0, 1, &list), OK);
    assert_int_equal(list.count, 16);
    for (int i = 0; i < 16; i++)
        assert_int_equal(list.at[i].seq, i + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_bucket_is_read_by_time_and_id_from_where_one_stopped),
        kit_test(what_no_longer_matters_is_not_read),
        kit_test(an_id_is_taken_once),
        kit_test(of_one_second_there_may_be_more_than_a_page),
        kit_test(who_revokes_waits_for_nobody_who_does),
        kit_test(numbered_revocations_are_read_in_order_from_where_one_stopped),
        kit_test(a_numbered_revocation_that_no_longer_matters_is_not_read),
        kit_test(a_numbered_revocation_needs_a_transaction),
        kit_test(numbered_revocations_are_read_in_pages),
        kit_test(numbered_revocations_of_16_threads_all_have_a_number_of_their_own),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
