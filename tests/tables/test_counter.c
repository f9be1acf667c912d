/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/counter.h"
#include "tests/store_kit.h"

static void
a_counter_comes_back_as_stored_and_says_who_sits_there(void **state)
{
    struct kit *k = *state;
    struct stored_counter counter = {
        .counter_id = "k_1",
        .place = "12 号窗口",
        .agency = "社保局",
        .region = "440106",
        .state = COUNTER_ENROLLED,
        .sid = "s_1",
        .created_at = 4,
    };
    struct stored_counter read;

    assert_int_equal(store_counter_load(k->st, k->arena, "k_1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_counter_insert(k->st, &counter), OK);
    assert_int_equal(store_counter_insert(k->st, &counter), ERR_CONFLICT);
    assert_int_equal(store_counter_load(k->st, k->arena, "k_1", &read), OK);
    assert_string_equal(read.place, "12 号窗口");
    assert_string_equal(read.sid, "s_1");
    assert_int_equal(read.secret.size, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_counter_comes_back_as_stored_and_says_who_sits_there),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
