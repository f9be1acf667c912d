/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policies/survival.h"

/* At the first second of the day it names, in Beijing, it no longer holds. */
static void
assert_ends(unix_s confirmed_at, int32_t date)
{
    unix_s until = survival_until(confirmed_at);

    assert_int_equal(time_beijing_date(until), date);
    assert_int_not_equal(time_beijing_date(until - 1), date);
}

static void
it_holds_to_the_end_of_the_month_a_year_later(void **state)
{
    (void)state;
    assert_ends(1767225600, 20270201); /* 2026-01-01 08:00 in Beijing */
    assert_ends(1767196800, 20270201); /* 00:00 */
    assert_ends(1767196799, 20270101); /* a second before: still December */
    assert_ends(1769788800, 20270201); /* 2026-01-31 */
    assert_ends(1798732799, 20280101); /* 2026-12-31 23:59:59 */
}

static void
leap_years_are_counted(void **state)
{
    (void)state;
    assert_ends(1803830399, 20280301); /* 2027-02-28 23:59:59: to the 29th of the next */
    assert_ends(1803830400, 20280401); /* 2027-03-01 */
    assert_ends(1835366400, 20290301); /* 2028-02-29 */
    assert_ends(951760800, 20010301);  /* 2000-02-29 */
    assert_ends(4107513600, 21010401); /* 2100-03-01, no leap year */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_to_the_end_of_the_month_a_year_later),
        cmocka_unit_test(leap_years_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
