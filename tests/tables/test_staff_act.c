/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/staff_act.h"
#include "tests/store_kit.h"

static enum err
put(struct kit *k, const char *person_id, const char *act_id, unix_s at)
{
    const struct stored_staff_act act = { .person_id = person_id,
                                          .act_id = act_id,
                                          .at = at,
                                          .what = 2,
                                          .staff_id = "li",
                                          .agency = "a",
                                          .counter_id = "k_1",
                                          .reason = "r" };

    return store_staff_act_insert(k->st, &act);
}

static void
acts_are_listed_newest_first_and_go_on_behind_a_place(void **state)
{
    struct kit *k = *state;
    struct stored_staff_act_list list;

    assert_int_equal(put(k, "p_1", "a", 100), OK);
    assert_int_equal(put(k, "p_1", "b", 300), OK);
    assert_int_equal(put(k, "p_1", "c", 300), OK);
    assert_int_equal(put(k, "p_2", "d", 300), OK);
    assert_int_equal(store_staff_act_list(k->st, k->arena, "p_1",
                                          &(struct staff_act_place) { TIME_NEVER, "" }, &list),
                     OK);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.at[0].act_id, "c");
    assert_string_equal(list.at[2].act_id, "a");
    assert_string_equal(list.at[0].business, "");
    assert_string_equal(list.at[0].reason, "r");
    assert_int_equal(
        store_staff_act_list(k->st, k->arena, "p_1", &(struct staff_act_place) { 300, "c" }, &list),
        OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].act_id, "b");
}

static void
an_act_is_noted_once_and_found_again(void **state)
{
    struct kit *k = *state;
    struct stored_staff_act act;

    assert_int_equal(put(k, "p_1", "a", 100), OK);
    assert_int_equal(put(k, "p_1", "a", 200), ERR_CONFLICT);
    assert_int_equal(store_staff_act_load(k->st, k->arena, "p_1", "a", &act), OK);
    assert_int_equal(act.at, 100);
    assert_int_equal(act.what, 2);
    assert_int_equal(store_staff_act_load(k->st, k->arena, "p_2", "a", &act), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(acts_are_listed_newest_first_and_go_on_behind_a_place),
        kit_test(an_act_is_noted_once_and_found_again),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
