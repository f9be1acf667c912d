/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/admin/curve.h"
#include "tests/base/kit.h"

#include "idp/base/metrics.h"

#define A_MINUTE (60 / MINUTES_SAMPLE_S)

static void
a_minute_passes(int64_t counted, int64_t stands)
{
    metric_add(METRIC_TOKENS_ISSUED, counted);
    metric_add(METRIC_HTTP_QUEUE, stands - metric_read(METRIC_HTTP_QUEUE));
    for (int i = 0; i < A_MINUTE; i++)
        minutes_sample();
}

/* One after the other: the process has one memory of its minutes. */
static void
a_curve_ends_at_the_right_with_the_last_minute(void **state)
{
    struct curve counted = { .count = 0 };
    struct curve stood = { .count = 0 };

    assert_string_equal(curve_points(*state, &counted), "");
    assert_int_equal(curve_last(&counted), 0);
    minutes_sample();
    a_minute_passes(4, 1);
    curve_grow(&counted, METRIC_TOKENS_ISSUED);
    assert_string_equal(curve_points(*state, &counted), "");
    a_minute_passes(2, 3);
    counted = (struct curve) { .count = 0 };
    curve_grow(&counted, METRIC_TOKENS_ISSUED);
    curve_stand(&stood, METRIC_HTTP_QUEUE);
    assert_int_equal(curve_last(&counted), 2);
    assert_int_equal(curve_peak(&counted), 4);
    assert_int_equal(curve_sum(&counted), 6);
    assert_int_equal(curve_last(&stood), 3);
    assert_string_equal(curve_points(*state, &counted), "290,2 300,24");
    curve_grow(&counted, METRIC_TOKENS_ISSUED); /* two together */
    assert_int_equal(curve_sum(&counted), 12);
}

static void
where_nothing_was_the_line_lies_on_the_ground(void **state)
{
    struct curve curve = { .count = 0 };

    curve_grow(&curve, METRIC_BANK_ALARMS);
    assert_string_equal(curve_points(*state, &curve), "290,46 300,46");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(a_curve_ends_at_the_right_with_the_last_minute),
        base_test(where_nothing_was_the_line_lies_on_the_ground),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
