/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "idp/session/poll.h"

#define NOW ((unix_s)1767225600)

static struct digest
waiter(int n)
{
    char text[16];

    snprintf(text, sizeof(text), "w%d", n);
    return digest_of_text(text);
}

static bool
asks(struct polls *polls, int n, unix_s at)
{
    const struct digest who = waiter(n);

    return poll_is_hasty(polls, &who, 5, at);
}

static void
who_asks_sooner_than_told_is_hasty(void **state)
{
    struct polls *polls = polls_new();

    (void)state;
    assert_false(asks(polls, 1, NOW));
    assert_true(asks(polls, 1, NOW + 1));
    assert_true(asks(polls, 1, NOW + 2)); /* from the last time on, hasty or not */
    assert_false(asks(polls, 1, NOW + 7));
    assert_false(asks(polls, 1, NOW + 11)); /* a second less: the way was shorter this time */
    assert_true(asks(polls, 1, NOW + 14));
    polls_free(polls);
}

static void
one_is_never_taken_for_another(void **state)
{
    struct polls *polls = polls_new();

    (void)state;
    for (int n = 0; n < 200000; n++)
        assert_false(asks(polls, n, NOW));
    polls_free(polls);
}

static void
most_of_a_hundred_thousand_are_remembered(void **state)
{
    struct polls *polls = polls_new();
    int hasty = 0;

    (void)state;
    for (int n = 0; n < 100000; n++)
        asks(polls, n, NOW);
    for (int n = 0; n < 100000; n++)
        hasty += asks(polls, n, NOW + 1);
    assert_in_range(hasty, 50000, 100000);
    polls_free(polls);
}

static void
a_long_time_later_it_is_forgotten_when_it_asked(void **state)
{
    struct polls *polls = polls_new();

    (void)state;
    assert_false(asks(polls, 1, NOW));
    assert_false(asks(polls, 1, NOW + 86400));
    assert_false(asks(polls, 1, NOW + 86400 + 30));
    polls_free(polls);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_asks_sooner_than_told_is_hasty),
        cmocka_unit_test(one_is_never_taken_for_another),
        cmocka_unit_test(most_of_a_hundred_thousand_are_remembered),
        cmocka_unit_test(a_long_time_later_it_is_forgotten_when_it_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
