/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/card_use.h"
#include "tests/store_kit.h"

static void
put(struct kit *k, const char *use_id, unix_s at, const char *partner_id)
{
    const struct stored_card_use use = { .person_id = "p_1",
                                         .use_id = use_id,
                                         .at = at,
                                         .card_id = "c_1",
                                         .partner_id = partner_id,
                                         .terminal_id = "t_1",
                                         .purpose = "show",
                                         .shown_by = "" };

    assert_int_equal(store_card_use_insert(k->st, &use), OK);
}

static void
uses_are_listed_newest_first_and_page_by_page(void **state)
{
    struct kit *k = *state;
    struct stored_card_use_list list;

    put(k, "a", 100, "clinic");
    put(k, "b", 300, "bank");
    put(k, "c", 200, "clinic");
    assert_int_equal(store_card_use_list(k->st, k->arena, "p_1", TIME_NEVER, &list), OK);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.at[0].use_id, "b");
    assert_string_equal(list.at[2].use_id, "a");
    assert_string_equal(list.at[0].terminal_id, "t_1");
    assert_int_equal(store_card_use_list(k->st, k->arena, "p_1", 200, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(store_card_use_list(k->st, k->arena, "p_2", TIME_NEVER, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
a_code_is_used_once(void **state)
{
    struct kit *k = *state;
    const struct stored_card_use use = { .person_id = "p_1", .use_id = "a" };

    put(k, "a", 100, "clinic");
    assert_int_equal(store_card_use_insert(k->st, &use), ERR_CONFLICT);
}

static bool
elsewhere(struct kit *k, const char *partner_id, unix_s since)
{
    const struct card_use_elsewhere which = { "p_1", partner_id, since };
    bool is_elsewhere = false;

    assert_int_equal(store_card_use_is_elsewhere(k->st, &which, &is_elsewhere), OK);
    return is_elsewhere;
}

static void
another_partners_use_is_found_by_its_time(void **state)
{
    struct kit *k = *state;

    put(k, "a", 100, "clinic");
    assert_false(elsewhere(k, "clinic", 0));
    assert_true(elsewhere(k, "bank", 100));
    assert_false(elsewhere(k, "bank", 101));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(uses_are_listed_newest_first_and_page_by_page),
        kit_test(a_code_is_used_once),
        kit_test(another_partners_use_is_found_by_its_time),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
