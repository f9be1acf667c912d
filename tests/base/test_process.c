/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <sys/resource.h>
#include <time.h>

#include "idp/base/metrics.h"
#include "idp/base/process.h"

static void
the_process_tells_what_the_system_says_of_it(void **state)
{
    int64_t began;
    int64_t open;
    struct rlimit limit;
    struct timespec now;
    int fd;

    (void)state;
    process_tell();
    clock_gettime(CLOCK_REALTIME, &now);
    began = metric_read(METRIC_PROCESS_START);
    assert_true(began > now.tv_sec - 600 && began <= now.tv_sec + 2);
    assert_int_equal(metric_read(METRIC_PROCESS_THREADS), 1);
    assert_true(metric_read(METRIC_PROCESS_RESIDENT) > 100000);
    assert_true(metric_read(METRIC_PROCESS_CPU) > 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(metric_read(METRIC_PROCESS_MAX_FDS), (int64_t)limit.rlim_cur);
    open = metric_read(METRIC_PROCESS_OPEN_FDS);
    fd = dup(STDERR_FILENO);
    process_tell();
    assert_int_equal(metric_read(METRIC_PROCESS_OPEN_FDS), open + 1);
    close(fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        the_process_tells_what_the_system_says_of_it) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
