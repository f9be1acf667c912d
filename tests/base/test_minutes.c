/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/metrics.h"
#include "idp/base/minutes.h"

#define A_MINUTE (60 / MINUTES_SAMPLE_S)

/* The counter grows by that much in each of so many minutes, in equal parts. */
static void
minutes_pass(int minutes, int64_t each)
{
    for (int i = 0; i < minutes * A_MINUTE; i++) {
        metric_add(METRIC_TOKENS_ISSUED, each / A_MINUTE);
        minutes_sample();
    }
}

/* One after the other: the process has one memory of its minutes. */
static void
a_counter_is_shown_by_what_it_grew_a_minute_and_a_gauge_as_it_stood(void **state)
{
    int64_t out[MINUTES];

    (void)state;
    assert_int_equal(minutes_growth(METRIC_TOKENS_ISSUED, out), 0);
    metric_add(METRIC_TOKENS_ISSUED, 1000);
    minutes_sample();
    assert_int_equal(minutes_growth(METRIC_TOKENS_ISSUED, out), 0);
    minutes_pass(1, 60);
    minutes_pass(1, 120);
    assert_int_equal(minutes_growth(METRIC_TOKENS_ISSUED, out), 2);
    assert_int_equal(out[0], 60);
    assert_int_equal(out[1], 120);
    metric_add(METRIC_HTTP_QUEUE, 3);
    minutes_pass(1, 0);
    assert_int_equal(minutes_level(METRIC_HTTP_QUEUE, out), 3);
    assert_int_equal(out[1], 0);
    assert_int_equal(out[2], 3);
}

static void
no_more_than_half_an_hour_is_kept(void **state)
{
    int64_t out[MINUTES];

    (void)state;
    minutes_pass(2 * MINUTES, 6);
    minutes_pass(MINUTES - 1, 18);
    assert_int_equal(minutes_growth(METRIC_TOKENS_ISSUED, out), MINUTES);
    assert_int_equal(out[0], 6);
    assert_int_equal(out[1], 18);
    assert_int_equal(out[MINUTES - 1], 18);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_is_shown_by_what_it_grew_a_minute_and_a_gauge_as_it_stood),
        cmocka_unit_test(no_more_than_half_an_hour_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
