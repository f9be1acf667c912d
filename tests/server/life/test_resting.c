/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "idp/server/life/resting.h"

static int
setup(void **state)
{
    *state = resting_new();
    return 0;
}

static int
teardown(void **state)
{
    resting_free(*state);
    return 0;
}

static void
who_keeps_others_waiting_rests_and_nobody_else_does(void **state)
{
    assert_true(resting_may_call(*state, "slow", 100));
    resting_learn(*state, "slow", 100, false);
    assert_false(resting_may_call(*state, "slow", 100 + RESTING_S - 1));
    assert_true(resting_may_call(*state, "quick", 100));
}

static void
when_the_rest_is_over_one_finds_out_for_all(void **state)
{
    resting_learn(*state, "slow", 100, false);
    assert_true(resting_may_call(*state, "slow", 100 + RESTING_S));
    assert_false(resting_may_call(*state, "slow", 100 + RESTING_S)); /* while the first one calls */
    resting_learn(*state, "slow", 100 + RESTING_S, true);
    assert_true(resting_may_call(*state, "slow", 100 + RESTING_S));
    assert_true(resting_may_call(*state, "slow", 100 + RESTING_S));
}

static void
the_table_is_bounded_and_the_oldest_gives_way(void **state)
{
    char name[16];

    for (int i = 0; i <= RESTING_MAX; i++) {
        snprintf(name, sizeof(name), "p%d", i);
        resting_learn(*state, name, 100 + i, false);
    }
    assert_true(resting_may_call(*state, "p0", 101));
    assert_false(resting_may_call(*state, "p1", 101));
    assert_false(resting_may_call(*state, name, 101));
}

static void
without_a_table_or_a_partner_nobody_rests(void **state)
{
    resting_learn(NULL, "slow", 100, false);
    assert_true(resting_may_call(NULL, "slow", 100));
    resting_learn(*state, "", 100, false);
    assert_true(resting_may_call(*state, "", 100));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_keeps_others_waiting_rests_and_nobody_else_does, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(when_the_rest_is_over_one_finds_out_for_all, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_table_is_bounded_and_the_oldest_gives_way, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(without_a_table_or_a_partner_nobody_rests, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
