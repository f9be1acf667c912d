/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/snapshot.h"

static int released;

static void
count_release(void *old)
{
    released += *(int *)old;
}

static void
a_retired_one_lives_through_the_grace_time(void **state)
{
    int one = 1;

    (void)state;
    released = 0;
    snapshot_retire(&one, count_release);
    snapshot_sweep(false);
    assert_int_equal(released, 0);
    snapshot_sweep(true);
    assert_int_equal(released, 1);
}

static void
each_is_released_once(void **state)
{
    int values[] = { 1, 10, 100 };

    (void)state;
    released = 0;
    for (int i = 0; i < 3; i++)
        snapshot_retire(&values[i], count_release);
    snapshot_sweep(true);
    snapshot_sweep(true);
    assert_int_equal(released, 111);
}

static void
the_first_one_replaces_nothing(void **state)
{
    (void)state;
    released = 0;
    snapshot_retire(NULL, count_release);
    snapshot_sweep(true);
    assert_int_equal(released, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(a_retired_one_lives_through_the_grace_time),
        base_test(each_is_released_once),
        base_test(the_first_one_replaces_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
