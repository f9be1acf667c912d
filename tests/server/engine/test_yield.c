/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "idp/server/engine/yield.h"

static int
niceness(void)
{
    return getpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid));
}

static void *
step_back(void *out)
{
    thread_yields();
    *(int *)out = niceness();
    return NULL;
}

static void
only_the_thread_that_computes_steps_back(void **state)
{
    int before = niceness();
    int its = -1;
    pthread_t thread;

    (void)state;
    if (before != 0)
        skip(); /* the whole suite runs stepped back */
    assert_int_equal(pthread_create(&thread, NULL, step_back, &its), 0);
    pthread_join(thread, NULL);
    assert_int_equal(its, 10);
    assert_int_equal(niceness(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_thread_that_computes_steps_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
