/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "policies/moment.h"

static void
a_day_begins_at_midnight_in_beijing(void **state)
{
    static const struct {
        const char *text;
        int64_t at;
    } cases[] = {
        { "2026-01-01", 1767196800 }, { "20260101", 1767196800 },   { "2026/01/01", 1767196800 },
        { "2000-02-29", 951753600 },  { "2199-12-31", 7258003200 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t at = 0;

        assert_true(moment_day_read(cases[i].text, &at));
        assert_int_equal(at, cases[i].at);
    }
}

static void
what_is_no_day_is_told(void **state)
{
    static const char *const none[] = { "",           "2026",       "2026-1-1",    "2026-02-29",
                                        "2026-13-01", "2026-00-10", "2026-01-32",  "1999-12-31",
                                        "2200-01-01", "today",      "2026-01-01x", "2026-01-01 08",
                                        "%%%%%%%%",   "2026--0101", "2026-01-0",   "-2026-01-01" };

    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        int64_t at = 7;

        assert_false(moment_day_read(none[i], &at));
        assert_int_equal(at, 7);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_begins_at_midnight_in_beijing),
        cmocka_unit_test(what_is_no_day_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
