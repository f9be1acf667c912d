/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/epoch.h"
#include "tests/store_kit.h"

static void
epochs_begin_at_zero_and_grow_apart(void **state)
{
    struct kit *k = *state;
    struct epochs epochs = { 9, 9, 9 };
    int64_t value = 0;

    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.revocation + epochs.partner + epochs.keyring, 0);

    assert_int_equal(store_epoch_bump(k->st, "partner", &value), OK);
    assert_int_equal(store_epoch_bump(k->st, "partner", &value), OK);
    assert_int_equal(value, 2);
    assert_int_equal(store_epoch_bump(k->st, "keyring", &value), OK);
    assert_int_equal(value, 1);

    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.revocation, 0);
    assert_int_equal(epochs.partner, 2);
    assert_int_equal(epochs.keyring, 1);
}

static void
an_unknown_epoch_is_not_found(void **state)
{
    struct kit *k = *state;
    int64_t value = 0;

    assert_int_equal(store_epoch_bump(k->st, "nothing", &value), ERR_NOT_FOUND);
}

static enum err
revoke(struct store *st, void *ctx)
{
    return store_revocation_insert(st, ctx, 100);
}

static void
revocations_are_read_in_order_from_where_one_stopped(void **state)
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
a_revocation_that_no_longer_matters_is_not_read(void **state)
{
    struct kit *k = *state;
    struct revocation_list list;
    char target[] = "sid:s1";

    assert_int_equal(store_change(k->st, revoke, target), OK);
    assert_int_equal(store_revocation_list(k->st, k->arena, 0, 100, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
a_revocation_needs_a_transaction(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_revocation_insert(k->st, "sid:s1", 100), ERR_INTERNAL);
}

static enum err
revoke_a_batch_and_one(struct store *st, void *ctx)
{
    enum err err = OK;

    (void)ctx;
    for (int i = 0; i < REVOCATION_BATCH + 1 && err == OK; i++)
        err = store_revocation_insert(st, "sid:s1", 100);
    return err;
}

static void
revocations_are_read_in_batches(void **state)
{
    struct kit *k = *state;
    struct revocation_list list;

    assert_int_equal(store_change(k->st, revoke_a_batch_and_one, NULL), OK);
    assert_int_equal(store_revocation_list(k->st, k->arena, 0, 1, &list), OK);
    assert_int_equal(list.count, REVOCATION_BATCH);
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
revocations_of_16_threads_all_have_a_number_of_their_own(void **state)
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
        kit_test(epochs_begin_at_zero_and_grow_apart),
        kit_test(an_unknown_epoch_is_not_found),
        kit_test(revocations_are_read_in_order_from_where_one_stopped),
        kit_test(a_revocation_that_no_longer_matters_is_not_read),
        kit_test(a_revocation_needs_a_transaction),
        kit_test(revocations_are_read_in_batches),
        kit_test(revocations_of_16_threads_all_have_a_number_of_their_own),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
