/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/sitting.h"
#include "tests/store_kit.h"

static void
a_sitting_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_sitting sitting = { "s_1", "li", "k_1", 0, 5, 9 };
    struct stored_sitting read;

    assert_int_equal(store_sitting_load(k->st, k->arena, "s_1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_sitting_insert(k->st, &sitting), OK);
    assert_int_equal(store_sitting_insert(k->st, &sitting), ERR_CONFLICT);
    assert_int_equal(store_sitting_load(k->st, k->arena, "s_1", &read), OK);
    assert_string_equal(read.staff_id, "li");
    assert_string_equal(read.counter_id, "k_1");
    assert_int_equal(read.locked_at, 0);
    assert_int_equal(read.expires_at, 9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { kit_test(a_sitting_comes_back_as_stored) };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
