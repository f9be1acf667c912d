/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/code_clock.h"

#define T 1767225600
#define YEAR (365 * 86400)

/* A code of T: it expires at T + 60. */
static const struct {
    const char *why;
    int64_t wall; /* after T; so the others */
    int64_t high;
    int64_t not_before;
    enum code_time verdict;
} cases[] = {
    { "as it is issued", 0, 0, -T, CODE_TIME_GOOD },
    { "in its last second", 59, 59, -T, CODE_TIME_GOOD },
    { "in its sixty-first", 60, 60, -T, CODE_TIME_EXPIRED },
    { "a day later", 86400, 86400, -T, CODE_TIME_EXPIRED },
    { "QR-20: the clock is set back over its end", 10, 60, -T, CODE_TIME_EXPIRED },
    { "QR-20: five minutes back after ten", 300, 600, -T, CODE_TIME_EXPIRED },
    { "set back while it lives", 5, 40, -T, CODE_TIME_GOOD },
    { "set back to before it was issued", -20, 40, -T, CODE_TIME_FUTURE },
    { "a year ahead and back", 10, YEAR, -T, CODE_TIME_EXPIRED },
    { "a year ahead, seen there", YEAR, YEAR, -T, CODE_TIME_EXPIRED },
    { "by a node whose clock is five seconds behind", -5, 0, -T, CODE_TIME_GOOD },
    { "and by six", -6, 0, -T, CODE_TIME_FUTURE },
    { "a year back", -YEAR, 0, -T, CODE_TIME_FUTURE },
    { "a year back, and it has been seen dead", -YEAR, 60, -T, CODE_TIME_EXPIRED },
    { "issued at the time of the restore", 1, 1, 0, CODE_TIME_GOOD },
    { "issued a second before it", 1, 1, 1, CODE_TIME_RESTORED },
    { "expired and before it", 60, 60, 1, CODE_TIME_EXPIRED },
    { "nothing is known of earlier times", 0, -T, -T, CODE_TIME_GOOD },
};

static void
no_movement_of_the_clock_revives_a_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct code_clock clock = { T + cases[i].wall, T + cases[i].high, T + cases[i].not_before };
        enum code_time verdict = code_clock_judge(&clock, T + CARD_CODE_LIFE_S);

        if (verdict != cases[i].verdict)
            fail_msg("%s: %d", cases[i].why, (int)verdict);
    }
}

static void
what_is_dead_once_stays_dead_however_the_clock_wanders(void **state)
{
    static const int64_t walk[] = { 3, 61, 5, -300, YEAR, 20, -YEAR, 0, 59, 1, 100, 30 };
    struct code_clock clock = { .high = 0 };
    bool was_dead = false;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(walk); i++) {
        clock.wall = T + walk[i];
        clock.high = clock.wall > clock.high ? clock.wall : clock.high;
        if (was_dead)
            assert_int_not_equal(code_clock_judge(&clock, T + CARD_CODE_LIFE_S), CODE_TIME_GOOD);
        was_dead |= code_clock_judge(&clock, T + CARD_CODE_LIFE_S) == CODE_TIME_EXPIRED;
    }
    assert_true(was_dead);
}

static void
a_clock_far_behind_issues_nothing(void **state)
{
    static const struct {
        int64_t high;
        int64_t behind;
        bool may;
    } rows[] = {
        { -5, 0, true }, { 0, 0, true }, { 30, 30, true }, { 31, 31, false }, { YEAR, YEAR, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct code_clock clock = { .wall = T, .high = T + rows[i].high };

        assert_int_equal(code_clock_behind(&clock), rows[i].behind);
        assert_int_equal(code_clock_may_issue(&clock), rows[i].may);
    }
}

static void
the_stored_time_is_ahead_and_seldom_written(void **state)
{
    unix_s stored = code_clock_to_store(T);
    int writes = 0;

    (void)state;
    assert_false(code_clock_is_beyond(T + CODE_CLOCK_LEAD_S, stored));
    assert_true(code_clock_is_beyond(T + CODE_CLOCK_LEAD_S + 1, stored));
    for (unix_s wall = T; wall < T + 600; wall++) {
        assert_false(code_clock_is_beyond(wall, stored));
        if (code_clock_comes_near(wall, stored)) {
            stored = code_clock_to_store(wall);
            writes++;
        }
    }
    assert_true(writes <= 600 / 5);
}

static void
who_starts_takes_the_stored_time_and_who_runs_what_stood_behind_it(void **state)
{
    (void)state;
    assert_int_equal(code_clock_heard(0, T + 10), T + 10);
    assert_int_equal(code_clock_heard(T, T + 10), T);
    assert_int_equal(code_clock_heard(T, T + 15), T + 5);
    assert_int_equal(code_clock_heard(T + 60, T + 15), T + 60);
    assert_int_equal(code_clock_heard(0, 0), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_movement_of_the_clock_revives_a_code),
        cmocka_unit_test(what_is_dead_once_stays_dead_however_the_clock_wanders),
        cmocka_unit_test(a_clock_far_behind_issues_nothing),
        cmocka_unit_test(the_stored_time_is_ahead_and_seldom_written),
        cmocka_unit_test(who_starts_takes_the_stored_time_and_who_runs_what_stood_behind_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
