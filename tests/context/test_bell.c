/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>

#include "idp/context/bell.h"

static bool
is_readable(const struct bell *bell)
{
    return poll(&(struct pollfd) { .fd = bell_fd(bell), .events = POLLIN }, 1, 0) == 1;
}

static void
what_rang_twice_is_heard_once(void **state)
{
    struct bell *bell;

    (void)state;
    assert_int_equal(bell_new(&bell), OK);
    assert_false(is_readable(bell));
    assert_false(bell_heard(bell));
    bell_ring(bell);
    bell_ring(bell);
    assert_true(is_readable(bell));
    assert_true(bell_heard(bell));
    assert_false(bell_heard(bell));
    bell_free(bell);
}

static void
without_listeners_nothing_happens(void **state)
{
    (void)state;
    bell_ring(NULL);
    bell_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rang_twice_is_heard_once),
        cmocka_unit_test(without_listeners_nothing_happens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
