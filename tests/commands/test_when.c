/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "idp/commands/when.h"

#define NOW 1795764600

static void
a_time_is_read_by_the_clock_of_beijing_unless_it_names_another(void **state)
{
    static const struct {
        const char *text;
        unix_s at;
    } cases[] = {
        { "1970-01-01", -28800 },
        { "2026-11-27", 1795708800 },
        { "2026-11-27T08:00", 1795737600 },
        { "2026-11-27 08:00", 1795737600 },
        { "2026-11-27 08:00:30", 1795737630 },
        { "2026-11-27T08:00:30+08:00", 1795737630 },
        { "2026-11-27T00:00:30Z", 1795737630 },
        { "2028-02-29", 1835366400 },
        { "0s", NOW },
        { "90s", NOW - 90 },
        { "30m", NOW - 1800 },
        { "2h", NOW - 7200 },
        { "7d", NOW - 604800 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct when when;

        assert_true(when_read(cases[i].text, &when));
        assert_true(when.given);
        assert_int_equal(when_at(when, NOW), cases[i].at);
    }
}

static void
what_is_no_time_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "x",
        "h",
        "2",
        "-2h",
        "+2h",
        "2.5h",
        "2w",
        "2hh",
        "123456d",
        "1234567890d",
        "2026",
        "2026-11",
        "2026-13-01",
        "2026-02-30",
        "2027-02-29",
        "2026-11-27T24:00",
        "2026-11-27T08",
        "2026-11-27T08:60",
        "2026-11-27T08:00:60",
        "2026-11-27T08:00:00+07:00",
        "2026-11-27T08:00:00ZZ",
        "2026-11-27 08:00 ",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct when when;

        assert_false(when_read(cases[i], &when));
        assert_false(when.given);
    }
}

static void
what_is_written_is_read_back(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    struct when when;

    (void)state;
    assert_string_equal(when_text(arena, 1795737630), "2026-11-27 08:00:30+08:00");
    assert_true(when_read(when_text(arena, 1795737630), &when));
    assert_int_equal(when_at(when, NOW), 1795737630);
    assert_string_equal(when_text(arena, 0), "-");
    arena_release(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_read_by_the_clock_of_beijing_unless_it_names_another),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(what_is_written_is_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
