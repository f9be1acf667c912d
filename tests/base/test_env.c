/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/env.h"

static unix_s
stopped(struct env *env)
{
    return *(unix_s *)env->state;
}

static enum err
no_random(struct env *env, void *out, size_t size)
{
    (void)env;
    (void)out;
    (void)size;
    return ERR_UNAVAILABLE;
}

static void
clock_and_random_are_those_of_the_env(void **state)
{
    unix_s at = 42;
    struct env env = { .now = stopped, .random = no_random, .state = &at };
    char byte;

    (void)state;
    assert_int_equal(env_now(&env), 42);
    assert_int_equal(env_random(&env, &byte, 1), ERR_UNAVAILABLE);
}

static void
the_machine_gives_other_bytes_each_time(void **state)
{
    unsigned char one[32] = { 0 };
    unsigned char two[32] = { 0 };

    (void)state;
    assert_int_equal(env_random(env_machine(), one, sizeof(one)), OK);
    assert_int_equal(env_random(env_machine(), two, sizeof(two)), OK);
    assert_memory_not_equal(one, two, sizeof(one));
}

static void
the_measuring_clock_never_goes_back(void **state)
{
    int64_t before = mono_us();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        int64_t now = mono_us();

        assert_true(now >= before);
        before = now;
    }
}

static void
times_are_written_in_utc_and_in_beijing(void **state)
{
    assert_string_equal(time_rfc3339(*state, 0), "1970-01-01T00:00:00Z");
    assert_string_equal(time_rfc3339(*state, 1767225600), "2026-01-01T00:00:00Z");
    assert_string_equal(time_rfc3339(*state, 4102444799), "2099-12-31T23:59:59Z");
    assert_string_equal(time_beijing_compact(*state, 1767225600), "20260101080000");
    assert_string_equal(time_beijing_clock(*state, 1767225600 + 59), "08:00");
    assert_string_equal(time_beijing_clock(*state, 1767225600 - 8 * 3600 - 60), "23:59");
    assert_string_equal(time_beijing_minute(*state, 1767225600 + 59), "2026-01-01 08:00");
}

/* Midnight in Beijing is 16:00 UTC; the day of February only leap years have. */
static void
the_date_in_beijing_turns_at_its_own_midnight(void **state)
{
    (void)state;
    assert_int_equal(time_beijing_date(1767196799), 20251231);
    assert_int_equal(time_beijing_date(1767196800), 20260101);
    assert_int_equal(time_beijing_date(1709136000), 20240229);
    assert_int_equal(time_beijing_date(2147483648), 20380119);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(clock_and_random_are_those_of_the_env),
        base_test(the_machine_gives_other_bytes_each_time),
        base_test(the_measuring_clock_never_goes_back),
        base_test(times_are_written_in_utc_and_in_beijing),
        base_test(the_date_in_beijing_turns_at_its_own_midnight),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
