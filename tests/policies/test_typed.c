/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/typed.h"

static void
full_width_forms_become_ascii_and_blanks_go(void **state)
{
    char out[16];

    (void)state;
    assert_true(typed_ascii(" １２\u3000３-４Ｘ\u00a0＋", "-", out, sizeof(out)));
    assert_string_equal(out, "1234X+");
}

static void
what_is_not_ascii_after_that_is_refused(void **state)
{
    static const char *const bad[] = {
        "12\t3", "12\n", "一二三", "12\u200b3", "\xc0\xb1", "1\x7f"
    };
    char out[16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(typed_ascii(bad[i], "", out, sizeof(out)));
}

static void
a_result_that_does_not_fit_is_refused(void **state)
{
    char out[4];

    (void)state;
    assert_true(typed_ascii("123", "", out, sizeof(out)));
    assert_true(typed_ascii("1 2 3 ", "", out, sizeof(out)));
    assert_false(typed_ascii("1234", "", out, sizeof(out)));
}

static void
digits_are_zero_to_nine(void **state)
{
    (void)state;
    assert_true(typed_is_digits("0123456789"));
    assert_true(typed_is_digits(""));
    assert_false(typed_is_digits("12a"));
    assert_false(typed_is_digits("-1"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_width_forms_become_ascii_and_blanks_go),
        cmocka_unit_test(what_is_not_ascii_after_that_is_refused),
        cmocka_unit_test(a_result_that_does_not_fit_is_refused),
        cmocka_unit_test(digits_are_zero_to_nine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
