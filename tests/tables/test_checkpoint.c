/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/checkpoint.h"
#include "tests/store_kit.h"

static void
insert(struct kit *k, int64_t run, int64_t number, unix_s at, enum err outcome)
{
    struct stored_checkpoint checkpoint = { run, number, at, kit_digest((int)number), "{}", "s" };

    assert_int_equal(store_checkpoint_insert(k->st, &checkpoint), outcome);
}

static void
a_checkpoint_is_found_by_run_and_number(void **state)
{
    struct kit *k = *state;
    struct stored_checkpoint found;
    struct digest digest = kit_digest(2);

    insert(k, 7, 1, 10, OK);
    insert(k, 7, 2, 20, OK);
    insert(k, 7, 2, 30, ERR_CONFLICT);
    assert_int_equal(store_checkpoint_find(k->st, k->arena, 7, 2, &found), OK);
    assert_int_equal(found.at, 20);
    assert_string_equal(found.statement, "{}");
    assert_string_equal(found.signature, "s");
    assert_memory_equal(&found.digest, &digest, sizeof(digest));
    assert_int_equal(store_checkpoint_find(k->st, k->arena, 8, 2, &found), ERR_NOT_FOUND);
}

static void
checkpoints_follow_each_other_and_so_do_runs(void **state)
{
    struct kit *k = *state;
    struct stored_checkpoint next;
    int64_t run = 0;

    insert(k, 5, 1, 10, OK);
    insert(k, 5, 3, 30, OK);
    insert(k, 9, 1, 20, OK);
    assert_int_equal(store_checkpoint_next(k->st, k->arena, 5, 0, 0, &next), OK);
    assert_int_equal(next.number, 1);
    assert_int_equal(store_checkpoint_next(k->st, k->arena, 5, 0, 11, &next), OK);
    assert_int_equal(next.number, 3);
    assert_int_equal(store_checkpoint_next(k->st, k->arena, 5, 3, 0, &next), ERR_NOT_FOUND);
    assert_int_equal(store_checkpoint_run_next(k->st, 0, &run), OK);
    assert_int_equal(run, 5);
    assert_int_equal(store_checkpoint_run_next(k->st, 5, &run), OK);
    assert_int_equal(run, 9);
    assert_int_equal(store_checkpoint_run_next(k->st, 9, &run), ERR_NOT_FOUND);
}

static void
what_others_said_is_listed_newest_first(void **state)
{
    struct kit *k = *state;
    struct checkpoint_list list;

    insert(k, 5, 1, 10, OK);
    insert(k, 6, 1, 20, OK);
    insert(k, 6, 2, 30, OK);
    insert(k, 7, 1, 40, OK);
    assert_int_equal(store_checkpoint_others(k->st, k->arena, 7, 20, 10, &list), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.at[0].number, 2);
    assert_int_equal(list.at[1].number, 1);
    assert_int_equal(store_checkpoint_others(k->st, k->arena, 7, 0, 1, &list), OK);
    assert_int_equal(list.count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_checkpoint_is_found_by_run_and_number),
        kit_test(checkpoints_follow_each_other_and_so_do_runs),
        kit_test(what_others_said_is_listed_newest_first),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
