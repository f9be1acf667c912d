/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/survival.h"
#include "tests/store_kit.h"

static void
the_last_confirmation_of_a_person_is_found(void **state)
{
    struct kit *k = *state;
    struct stored_survival first = { "p_1", "su_1", SURVIVAL_AT_COUNTER, 5, 100, "li", "k_1" };
    struct stored_survival second = { "p_1", "su_2", SURVIVAL_AT_COUNTER, 6, 200, "wang", "k_2" };
    struct stored_survival read;

    assert_int_equal(store_survival_last(k->st, k->arena, "p_1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_survival_insert(k->st, &second), OK);
    assert_int_equal(store_survival_insert(k->st, &first), OK);
    assert_int_equal(store_survival_insert(k->st, &first), ERR_CONFLICT);
    assert_int_equal(store_survival_last(k->st, k->arena, "p_1", &read), OK);
    assert_string_equal(read.survival_id, "su_2");
    assert_string_equal(read.staff_id, "wang");
    assert_string_equal(read.counter_id, "k_2");
    assert_int_equal(read.until, 200);
    assert_int_equal(store_survival_last(k->st, k->arena, "p_2", &read), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { kit_test(the_last_confirmation_of_a_person_is_found) };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
