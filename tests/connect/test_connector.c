/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/unwind.h"
#include "idp/connect/connector.h"

#define SECOND_US 1000000LL
#define RUNS 2000
#define THREADS 8
#define ROOM 3

static int64_t stopped_us;

static int64_t
stopped_clock(void)
{
    return stopped_us;
}

static struct connector
connector_with(int64_t max_in_flight)
{
    struct connector connector;

    connector_init(&connector, "test", METRIC_CONNECTOR_SMS, max_in_flight);
    connector.clock = stopped_clock;
    stopped_us = 100 * SECOND_US;
    return connector;
}

static void
fail_times(struct connector *connector, int times)
{
    for (int i = 0; i < times; i++) {
        assert_int_equal(connector_enter(connector), OK);
        connector_leave(connector, false);
    }
}

static void
a_full_connector_refuses_and_one_that_left_makes_room(void **state)
{
    struct connector connector = connector_with(2);

    (void)state;
    assert_int_equal(connector_enter(&connector), OK);
    assert_int_equal(connector_enter(&connector), OK);
    assert_int_equal(connector_enter(&connector), ERR_BUSY);
    connector_leave(&connector, true);
    assert_int_equal(connector_enter(&connector), OK);
    connector_end(&connector);
}

static void
ten_failures_in_a_row_open_it_and_nine_do_not(void **state)
{
    struct connector connector = connector_with(2);

    (void)state;
    fail_times(&connector, CONNECTOR_FAILURES_MAX - 1);
    assert_int_equal(connector_enter(&connector), OK);
    assert_int_equal(metric_read(METRIC_CONNECTOR_SMS), 0);
    connector_leave(&connector, false);
    assert_int_equal(connector_enter(&connector), ERR_BUSY);
    assert_int_equal(metric_read(METRIC_CONNECTOR_SMS), 1);
    connector_end(&connector);
    assert_int_equal(metric_read(METRIC_CONNECTOR_SMS), 0);
}

static void
a_success_starts_the_count_again(void **state)
{
    struct connector connector = connector_with(2);

    (void)state;
    fail_times(&connector, CONNECTOR_FAILURES_MAX - 1);
    assert_int_equal(connector_enter(&connector), OK);
    connector_leave(&connector, true);
    fail_times(&connector, CONNECTOR_FAILURES_MAX - 1);
    assert_int_equal(connector_enter(&connector), OK);
    connector_end(&connector);
}

static void
after_the_pause_one_trial_goes_through_and_the_rest_wait(void **state)
{
    struct connector connector = connector_with(4);

    (void)state;
    fail_times(&connector, CONNECTOR_FAILURES_MAX);
    stopped_us += CONNECTOR_PAUSE_S * SECOND_US - 1;
    assert_int_equal(connector_enter(&connector), ERR_BUSY);
    stopped_us += 1;
    assert_int_equal(connector_enter(&connector), OK);
    assert_int_equal(connector_enter(&connector), ERR_BUSY);
    connector_leave(&connector, true);
    assert_int_equal(connector_enter(&connector), OK);
    assert_int_equal(connector_enter(&connector), OK);
    connector_end(&connector);
}

static void
a_failed_trial_opens_it_for_another_pause(void **state)
{
    struct connector connector = connector_with(4);

    (void)state;
    fail_times(&connector, CONNECTOR_FAILURES_MAX);
    stopped_us += CONNECTOR_PAUSE_S * SECOND_US;
    fail_times(&connector, 1);
    assert_int_equal(connector_enter(&connector), ERR_BUSY);
    stopped_us += CONNECTOR_PAUSE_S * SECOND_US;
    assert_int_equal(connector_enter(&connector), OK);
    connector_end(&connector);
}

/* What a thread saw: how many got in at once at most. */
struct connector_crowd {
    struct connector *connector;
    _Atomic int inside;
    _Atomic int most;
    _Atomic int entered;
};

static void *
enter_and_leave(void *held)
{
    struct connector_crowd *crowd = held;

    for (int i = 0; i < RUNS; i++) {
        int inside;

        if (connector_enter(crowd->connector) != OK)
            continue;
        inside = ++crowd->inside;
        if (inside > crowd->most)
            crowd->most = inside;
        crowd->entered++;
        crowd->inside--;
        connector_leave(crowd->connector, true);
    }
    return NULL;
}

static void
threads_never_exceed_the_room(void **state)
{
    struct connector connector = connector_with(ROOM);
    struct connector_crowd crowd = { .connector = &connector };
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, enter_and_leave, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_true(crowd.most <= ROOM);
    assert_true(crowd.entered > 0);
    for (int i = 0; i < ROOM; i++)
        assert_int_equal(connector_enter(&connector), OK);
    assert_int_equal(connector_enter(&connector), ERR_BUSY);
    connector_end(&connector);
}

/* An ask as the connectors make it, that ends for want of memory. */
static void
enter_and_run_out(void *connector)
{
    struct held held;

    assert_int_equal(connector_enter(connector), OK);
    hold_begin(&held, connector_release, connector);
    unwind(ERR_UNAVAILABLE);
}

static void
who_leaves_early_gives_its_place_back_and_counts_as_a_failure(void **state)
{
    struct connector connector = connector_with(1);

    (void)state;
    for (int i = 0; i < CONNECTOR_FAILURES_MAX; i++)
        assert_int_equal(unwind_run(enter_and_run_out, &connector), ERR_UNAVAILABLE);
    assert_int_equal(connector_enter(&connector), ERR_BUSY);
    stopped_us += CONNECTOR_PAUSE_S * SECOND_US;
    assert_int_equal(connector_enter(&connector), OK);
    connector_end(&connector);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_connector_refuses_and_one_that_left_makes_room),
        cmocka_unit_test(ten_failures_in_a_row_open_it_and_nine_do_not),
        cmocka_unit_test(a_success_starts_the_count_again),
        cmocka_unit_test(after_the_pause_one_trial_goes_through_and_the_rest_wait),
        cmocka_unit_test(a_failed_trial_opens_it_for_another_pause),
        cmocka_unit_test(threads_never_exceed_the_room),
        cmocka_unit_test(who_leaves_early_gives_its_place_back_and_counts_as_a_failure),
    };

    return cmocka_run_group_tests_name("connector", tests, NULL, NULL);
}
