/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <pthread.h>
#include <stdio.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"

#define THREADS 8
#define ADDS 10000

static void *
add_often(void *unused)
{
    for (int i = 0; i < ADDS; i++)
        metric_add(METRIC_STORE_STATEMENTS, 1);
    return unused;
}

static void
no_count_of_many_threads_is_lost(void **state)
{
    int64_t before = metric_read(METRIC_STORE_STATEMENTS);
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_often, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(metric_read(METRIC_STORE_STATEMENTS) - before, THREADS * ADDS);
}

static const char *
written(struct arena *arena)
{
    struct buf out = buf_new(arena, 4096);

    metrics_write(&out);
    return out.at;
}

static size_t
occurrences(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

static void
a_family_is_described_once_before_its_first_line(void **state)
{
    const char *text = written(*state);
    const char *type = strstr(text, "# TYPE tongxing_bank_checks_total counter\n");

    assert_int_equal(occurrences(text, "# HELP tongxing_bank_checks_total "), 1);
    assert_int_equal(occurrences(text, "# TYPE tongxing_bank_checks_total counter\n"), 1);
    assert_true(type < strstr(text, "tongxing_bank_checks_total{outcome=\"match\"} "));
    assert_non_null(strstr(text, "# TYPE tongxing_http_in_flight gauge\n"));
}

static void
a_series_is_named_once_and_stands_behind_its_family(void **state)
{
    unsigned a = metric_series(METRIC_PROBLEMS, "problem=\"a\"");
    unsigned b = metric_series(METRIC_PROBLEMS, "problem=\"b\"");
    int64_t copy[METRIC_VALUES];
    const char *text;

    assert_int_equal(metric_series(METRIC_PROBLEMS, "problem=\"a\""), a);
    assert_int_not_equal(a, b);
    assert_int_not_equal(metric_series(METRIC_HTTP_REQUESTS, "problem=\"a\""), a);
    metric_series_add(a, 2);
    metric_series_add(b, 3);
    assert_int_equal(metric_series_read(a), 2);
    assert_int_equal(metric_read(METRIC_PROBLEMS), 5);
    metrics_copy(copy);
    assert_int_equal(copy[b], 3);
    text = written(*state);
    assert_true(strstr(text, "# TYPE tongxing_problems_total counter\n") <
                strstr(text, "\ntongxing_problems_total{problem=\"a\"} 2\n"));
    assert_null(strstr(text, "{problem}"));
}

static void
a_reading_is_left_out_until_it_is_told_and_once_there_is_none(void **state)
{
    assert_null(strstr(written(*state), "\ntongxing_sessions_live "));
    metric_tell(METRIC_SESSIONS_LIVE, 7, 0);
    assert_non_null(strstr(written(*state), "\ntongxing_sessions_live 7\n"));
    metric_tell(METRIC_SESSIONS_LIVE, METRIC_ABSENT, 0);
    assert_null(strstr(written(*state), "\ntongxing_sessions_live "));
    metric_tell(METRIC_SESSIONS_LIVE, 8, 3600);
    assert_non_null(strstr(written(*state), "\ntongxing_sessions_live 8\n"));
    assert_int_equal(metric_read(METRIC_SESSIONS_LIVE), 8);
}

static void
time_told_in_microseconds_is_shown_in_seconds(void **state)
{
    metric_tell(METRIC_PROCESS_CPU, 1500000, 0);
    assert_non_null(strstr(written(*state), "\nprocess_cpu_seconds_total 1.500000\n"));
}

static void
name_too_many(void)
{
    char labels[32];

    for (int i = 0; i <= METRIC_SERIES_MAX; i++) {
        snprintf(labels, sizeof(labels), "i=\"%d\"", i);
        metric_series(METRIC_LOGINS, labels);
    }
}

static void
more_series_than_tables_can_have_are_a_bug(void **state)
{
    (void)state;
    assert_true(aborts(name_too_many));
}

/* Buckets count all that is no greater than their bound. */
static void
a_histogram_is_cumulative_and_ends_with_all(void **state)
{
    const char *text;

    metric_seconds(METRIC_BANK_SECONDS, 100);
    metric_seconds(METRIC_BANK_SECONDS, 600);
    metric_seconds(METRIC_BANK_SECONDS, 20000000);
    text = written(*state);
    assert_non_null(strstr(text, "# TYPE tongxing_bank_seconds histogram\n"));
    assert_non_null(strstr(text, "tongxing_bank_seconds_bucket{le=\"0.000100\"} 1\n"));
    assert_non_null(strstr(text, "tongxing_bank_seconds_bucket{le=\"0.000500\"} 1\n"));
    assert_non_null(strstr(text, "tongxing_bank_seconds_bucket{le=\"0.001000\"} 2\n"));
    assert_non_null(strstr(text, "tongxing_bank_seconds_bucket{le=\"10.000000\"} 2\n"));
    assert_non_null(strstr(text, "tongxing_bank_seconds_bucket{le=\"+Inf\"} 3\n"));
    assert_non_null(strstr(text, "tongxing_bank_seconds_sum 20.000700\n"));
    assert_non_null(strstr(text, "tongxing_bank_seconds_count 3\n"));
}

/* "name value" or "# …", each ended by a line feed (text format 0.0.4). */
static void
every_line_has_the_form_of_the_format(void **state)
{
    const char *line = written(*state);

    while (*line != '\0') {
        const char *end = strchr(line, '\n');
        const char *value;

        assert_non_null(end);
        if (*line != '#') {
            value = memrchr(line, ' ', (size_t)(end - line));
            assert_non_null(value);
            assert_int_equal(strspn(value + 1, "-0123456789."), end - value - 1);
            assert_true(text_starts(line, "tongxing_") || text_starts(line, "process_"));
        }
        line = end + 1;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(no_count_of_many_threads_is_lost),
        base_test(a_family_is_described_once_before_its_first_line),
        base_test(a_series_is_named_once_and_stands_behind_its_family),
        base_test(a_reading_is_left_out_until_it_is_told_and_once_there_is_none),
        base_test(time_told_in_microseconds_is_shown_in_seconds),
        base_test(more_series_than_tables_can_have_are_a_bug),
        base_test(a_histogram_is_cumulative_and_ends_with_all),
        base_test(every_line_has_the_form_of_the_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
