/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "idp/base/env.h"
#include "idp/server/engine/worker.h"

static sem_t entered;
static sem_t released;
static sem_t ended;
static atomic_int runs;
static atomic_int expiries;

static void
run_slowly(struct job *job, struct store *st)
{
    (void)job;
    assert_null(st);
    atomic_fetch_add(&runs, 1);
    sem_post(&entered);
    sem_wait(&released);
}

static void
expire(struct job *job)
{
    (void)job;
    atomic_fetch_add(&expiries, 1);
}

static void
end(struct job *job)
{
    (void)job;
    sem_post(&ended);
}

static int
pool_open(void **state)
{
    const struct worker_config config = {
        .threads = 1, .queue_limit = 2, .run = run_slowly, .expire = expire, .end = end
    };
    struct workers *workers;

    sem_init(&entered, 0, 0);
    sem_init(&released, 0, 0);
    sem_init(&ended, 0, 0);
    runs = 0;
    expiries = 0;
    assert_int_equal(workers_start(&config, &workers), OK);
    *state = workers;
    return 0;
}

static void
jobs_run_in_order_and_a_full_queue_is_busy(void **state)
{
    struct workers *workers = *state;
    struct job jobs[4];

    assert_int_equal(workers_submit(workers, &jobs[0]), OK);
    sem_wait(&entered);
    assert_int_equal(workers_submit(workers, &jobs[1]), OK);
    assert_int_equal(workers_submit(workers, &jobs[2]), OK);
    assert_int_equal(workers_submit(workers, &jobs[3]), ERR_BUSY);
    for (int i = 0; i < 3; i++)
        sem_post(&released);
    for (int i = 0; i < 3; i++)
        sem_wait(&ended);
    assert_int_equal(runs, 3);
    assert_int_equal(expiries, 0);
    workers_stop(workers);
}

static void
expiry_reaches_the_running_and_drops_the_waiting(void **state)
{
    struct workers *workers = *state;
    struct job jobs[2];
    int64_t before;

    assert_int_equal(workers_submit(workers, &jobs[0]), OK);
    sem_wait(&entered);
    before = jobs[0].queued_us;
    assert_int_equal(workers_submit(workers, &jobs[1]), OK);
    workers_expire(workers, before);
    assert_int_equal(expiries, 0);
    workers_expire(workers, INT64_MAX);
    assert_int_equal(expiries, 2);
    sem_wait(&ended);
    sem_post(&released);
    sem_wait(&ended);
    assert_int_equal(runs, 1);
    workers_stop(workers);
}

static void
stopping_waits_for_the_running_and_takes_no_more(void **state)
{
    struct workers *workers = *state;
    struct job jobs[2];

    assert_int_equal(workers_submit(workers, &jobs[0]), OK);
    sem_wait(&entered);
    assert_int_equal(workers_submit(workers, &jobs[1]), OK);
    sem_post(&released);
    sem_post(&released);
    workers_stop(workers);
    sem_wait(&ended);
    sem_wait(&ended);
    assert_true(expiries + runs >= 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(jobs_run_in_order_and_a_full_queue_is_busy, pool_open),
        cmocka_unit_test_setup(expiry_reaches_the_running_and_drops_the_waiting, pool_open),
        cmocka_unit_test_setup(stopping_waits_for_the_running_and_takes_no_more, pool_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
