/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "idp/audit/sampler.h"
#include "idp/base/log.h"

#define NOW ((unix_s)6000000)
#define MANY 1000000
#define THREADS 8
#define EACH 10000

static int
setup(void **state)
{
    log_set_level(LOG_ERROR);
    *state = sampler_new();
    return 0;
}

static int
teardown(void **state)
{
    sampler_free(*state);
    return 0;
}

static bool
keeps(struct audit_sampler *sampler, const char *network, unix_s now)
{
    return sampler_keeps(sampler, &(struct sample) { network, "authz.reject", "client", "", "" },
                         now, MANY);
}

static int
kept_of(struct audit_sampler *sampler, const char *network, unix_s now, int count)
{
    int kept = 0;

    for (int i = 0; i < count; i++)
        kept += keeps(sampler, network, now);
    return kept;
}

static void
the_first_five_and_then_powers_of_ten_are_kept(void **state)
{
    for (int i = 1; i <= 20000; i++) {
        bool expected = i <= 5 || i == 10 || i == 100 || i == 1000 || i == 10000;

        assert_true(keeps(*state, "192.0.2.1", NOW) == expected);
    }
}

static void
a_new_window_begins_anew(void **state)
{
    assert_int_equal(kept_of(*state, "192.0.2.1", NOW, 9), 5);
    assert_int_equal(kept_of(*state, "192.0.2.1", NOW + SAMPLER_WINDOW_S - 1, 1),
                     1); /* the tenth */
    assert_int_equal(kept_of(*state, "192.0.2.1", NOW + SAMPLER_WINDOW_S, 9), 5);
    assert_int_equal(kept_of(*state, "192.0.2.1", NOW - 3600, 9), 5); /* the clock went back */
}

static void
network_event_reason_and_partner_are_told_apart(void **state)
{
    static const struct sample samples[] = {
        { "n", "e", "r", "p", "" }, { "m", "e", "r", "p", "" }, { "n", "f", "r", "p", "" },
        { "n", "e", "s", "p", "" }, { "n", "e", "r", "q", "" }, { "ne", "", "r", "p", "" },
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        for (int times = 1; times <= 6; times++)
            assert_true(sampler_keeps(*state, &samples[i], NOW, MANY) == (times <= 5));
    }
}

static void
the_minute_has_a_bound_however_many_networks_there_are(void **state)
{
    int kept = 0;

    for (int i = 0; i < 50000; i++) {
        char network[32];

        snprintf(network, sizeof(network), "2001:db8:%x::/64", i);
        kept += sampler_keeps(*state, &(struct sample) { network, "e", "r", "", "" }, NOW, 120);
    }
    assert_int_equal(kept, 120);
    assert_false(sampler_keeps(*state, &(struct sample) { "a", "e", "r", "", "" }, NOW, 120));
    assert_true(sampler_keeps(*state, &(struct sample) { "b", "e", "r", "", "" }, NOW + 60, 120));
}

static void
those_that_name_a_person_are_kept_longer_and_under_no_bound_of_strangers(void **state)
{
    const struct sample hers = { "n", "login.fail", "password", "", "p_1" };
    const struct sample nobodys = { "n", "login.fail", "password", "", "" };

    assert_true(sampler_keeps(*state, &nobodys, NOW, 1));
    assert_false(sampler_keeps(*state, &nobodys, NOW, 1));
    for (int i = 1; i <= 2000; i++)
        assert_true(sampler_keeps(*state, &hers, NOW, 1) == (i <= 20 || i == 100 || i == 1000));
}

/* More are remembered than fit: what falls out is new again, nothing breaks. */
static void
a_full_memory_forgets_the_oldest(void **state)
{
    assert_int_equal(kept_of(*state, "192.0.2.1", NOW, 100), 7);
    for (int i = 0; i < 100000; i++) {
        char network[32];

        snprintf(network, sizeof(network), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        assert_true(keeps(*state, network, NOW + 1));
    }
    assert_int_equal(kept_of(*state, "192.0.2.1", NOW + 1, 5), 5);
}

static _Atomic int kept_together;

static void *
sample_often(void *sampler)
{
    atomic_fetch_add(&kept_together, kept_of(sampler, "192.0.2.1", NOW, EACH));
    return NULL;
}

static void
many_threads_count_together(void **state)
{
    pthread_t threads[THREADS];

    atomic_store(&kept_together, 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sample_often, *state), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(kept_together, 5 + 4); /* 10, 100, 1,000 and 10,000 of 80,000 */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_five_and_then_powers_of_ten_are_kept, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_new_window_begins_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(network_event_reason_and_partner_are_told_apart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_minute_has_a_bound_however_many_networks_there_are,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            those_that_name_a_person_are_kept_longer_and_under_no_bound_of_strangers, setup,
            teardown),
        cmocka_unit_test_setup_teardown(a_full_memory_forgets_the_oldest, setup, teardown),
        cmocka_unit_test_setup_teardown(many_threads_count_together, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
