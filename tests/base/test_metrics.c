/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <pthread.h>

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
    const char *type = strstr(text, "# TYPE tongxing_http_requests_total counter\n");

    assert_int_equal(occurrences(text, "# HELP tongxing_http_requests_total "), 1);
    assert_int_equal(occurrences(text, "# TYPE tongxing_http_requests_total counter\n"), 1);
    assert_true(type < strstr(text, "tongxing_http_requests_total{class=\"2xx\"} "));
    assert_non_null(strstr(text, "# TYPE tongxing_http_in_flight gauge\n"));
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
            assert_true(text_starts(line, "tongxing_"));
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
        base_test(a_histogram_is_cumulative_and_ends_with_all),
        base_test(every_line_has_the_form_of_the_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
