/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/unwind.h"

#include <stdlib.h>

#include "tests/base/kit.h"

static char released[16];

static void
note(void *letter)
{
    released[strlen(released)] = *(char *)letter;
}

static int
forget(void **state)
{
    (void)state;
    memset(released, 0, sizeof(released));
    return 0;
}

static void
go_on(void *state)
{
    *(int *)state = 7;
}

static void
work_that_comes_to_its_end_is_ok(void **state)
{
    int result = 0;

    (void)state;
    assert_int_equal(unwind_run(go_on, &result), OK);
    assert_int_equal(result, 7);
}

static void
deep(int left)
{
    struct held held;

    hold_begin(&held, note, (char *)"d");
    if (left > 0)
        deep(left - 1);
    else if (left == 0)
        unwind(ERR_TOO_LARGE);
    hold_end(&held);
}

static void
hold_and_leave(void *state)
{
    struct held first;
    struct held second;

    (void)state;
    hold_begin(&first, note, (char *)"a");
    hold_begin(&second, note, (char *)"b");
    hold_end(&second);
    hold_begin(&second, note, (char *)"c");
    deep(2);
}

static void
what_is_held_is_released_latest_first(void **state)
{
    (void)state;
    assert_int_equal(unwind_run(hold_and_leave, NULL), ERR_TOO_LARGE);
    assert_string_equal(released, "dddca");
}

static void
run_within(void *state)
{
    struct held held;

    hold_begin(&held, note, (char *)"o");
    *(enum err *)state = unwind_run(hold_and_leave, NULL);
    hold_release(&held);
}

static void
only_the_innermost_run_is_left(void **state)
{
    enum err inner = OK;

    (void)state;
    assert_int_equal(unwind_run(run_within, &inner), OK);
    assert_int_equal(inner, ERR_TOO_LARGE);
    assert_string_equal(released, "dddcao");
}

static void
outside_of_any_run_holding_costs_nothing(void **state)
{
    struct held held;

    (void)state;
    hold_begin(&held, note, (char *)"x");
    hold_end(&held);
    hold_begin(&held, note, (char *)"y");
    hold_release(&held);
    assert_string_equal(released, "y");
}

static void
leave_nothing(void)
{
    unwind(ERR_UNAVAILABLE);
}

static void
let_go_in_the_wrong_order(void *state)
{
    struct held first;
    struct held second;

    (void)state;
    hold_begin(&first, note, (char *)"a");
    hold_begin(&second, note, (char *)"b");
    hold_end(&first);
}

static void
mistake_the_order(void)
{
    (void)!unwind_run(let_go_in_the_wrong_order, NULL);
}

static void
what_remains_an_abort_is_a_mistake_of_ours(void **state)
{
    (void)state;
    assert_true(aborts(leave_nothing));
    assert_true(aborts(mistake_the_order));
}

static void
memory_is_zeroed_and_the_callers(void **state)
{
    char *at = memory_new(100);

    (void)state;
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(at[i], 0);
    free(at);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(work_that_comes_to_its_end_is_ok, forget),
        cmocka_unit_test_setup(what_is_held_is_released_latest_first, forget),
        cmocka_unit_test_setup(only_the_innermost_run_is_left, forget),
        cmocka_unit_test_setup(outside_of_any_run_holding_costs_nothing, forget),
        cmocka_unit_test_setup(what_remains_an_abort_is_a_mistake_of_ours, forget),
        cmocka_unit_test_setup(memory_is_zeroed_and_the_callers, forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
