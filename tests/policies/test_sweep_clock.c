/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/sweep_clock.h"

#define START 1700000000
#define DAY SWEEP_CLOCK_PATIENCE_S

static void
z15_a_clock_set_forward_for_a_moment_makes_the_sweep_forget_nothing(void **state)
{
    struct sweep_clock clock = { 0 };

    (void)state;
    assert_int_equal(sweep_clock_read(&clock, START, 100), START);
    assert_int_equal(sweep_clock_read(&clock, START + 30, 130), START + 30);
    assert_int_equal(sweep_clock_read(&clock, START + 30 + 3601, 131), START + 31);
    assert_int_equal(sweep_clock_read(&clock, START + 30 + 3633, 163), START + 63);
    assert_int_equal(sweep_clock_read(&clock, START + 64, 164), START + 64);
}

static void
a_clock_set_back_is_followed_at_once(void **state)
{
    struct sweep_clock clock = { 0 };

    (void)state;
    assert_int_equal(sweep_clock_read(&clock, START, 100), START);
    assert_int_equal(sweep_clock_read(&clock, START - 500, 101), START - 500);
    assert_int_equal(sweep_clock_read(&clock, START + 2, 102), START - 499);
}

static void
a_new_time_that_stands_for_a_day_is_followed(void **state)
{
    struct sweep_clock clock = { 0 };

    (void)state;
    assert_int_equal(sweep_clock_read(&clock, 1000, 0), 1000);
    assert_int_equal(sweep_clock_read(&clock, START, 10), 1010);
    assert_int_equal(sweep_clock_read(&clock, START + DAY - 1, 10 + DAY - 1), 1010 + DAY - 1);
    assert_int_equal(sweep_clock_read(&clock, START + DAY, 10 + DAY), START + DAY);
}

static void
of_a_time_that_wanders_while_it_is_ahead_the_least_is_followed(void **state)
{
    struct sweep_clock clock = { 0 };

    (void)state;
    assert_int_equal(sweep_clock_read(&clock, START, 0), START);
    assert_int_equal(sweep_clock_read(&clock, START + 9000, 0), START);
    assert_int_equal(sweep_clock_read(&clock, START + 40, 10), START + 10);
    assert_int_equal(sweep_clock_read(&clock, START + 9000 + DAY, DAY), START + 30 + DAY);
}

static void
a_clock_that_came_back_and_went_ahead_again_waits_anew(void **state)
{
    struct sweep_clock clock = { 0 };

    (void)state;
    assert_int_equal(sweep_clock_read(&clock, START, 0), START);
    assert_int_equal(sweep_clock_read(&clock, START + 3600, 0), START);
    assert_int_equal(sweep_clock_read(&clock, START + DAY - 1, DAY - 1), START + DAY - 1);
    assert_int_equal(sweep_clock_read(&clock, START + DAY + 3600, DAY), START + DAY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(z15_a_clock_set_forward_for_a_moment_makes_the_sweep_forget_nothing),
        cmocka_unit_test(a_clock_set_back_is_followed_at_once),
        cmocka_unit_test(a_new_time_that_stands_for_a_day_is_followed),
        cmocka_unit_test(of_a_time_that_wanders_while_it_is_ahead_the_least_is_followed),
        cmocka_unit_test(a_clock_that_came_back_and_went_ahead_again_waits_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
