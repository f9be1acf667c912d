/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policies/staff_password.h"

/* DJ-1 */
static void
a_strong_one_has_twelve_characters_of_three_kinds(void **state)
{
    static const struct {
        const char *password;
        bool strong;
    } cases[] = {
        { "Abcdefgh1234", true },
        { "Abcdefgh123", false },
        { "abcdefgh1234", false },
        { "ABCDEFGH1234", false },
        { "abcdefgh-123", true },
        { "ABCdefghijkl", false },
        { "Abcdefghijk!", true },
        { "", false },
        { "aA1窗窗窗窗窗窗窗窗窗", true },
        { "aA1窗窗窗窗窗窗窗窗", false },
        { "窗窗窗窗窗窗窗窗窗窗窗窗", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(staff_password_is_strong(cases[i].password), cases[i].strong);
}

/* ST-01 */
static void
blanks_of_any_kind_are_no_password(void **state)
{
    static const char *const blanks[] = {
        "", " ", "\t\n", "\xc2\xa0", "\xe3\x80\x80 ", "\xe2\x80\x8b", "\xef\xbb\xbf"
    };

    (void)state;
    assert_true(staff_password_is_blank(NULL));
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
        assert_true(staff_password_is_blank(blanks[i]));
    assert_false(staff_password_is_blank(" x "));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strong_one_has_twelve_characters_of_three_kinds),
        cmocka_unit_test(blanks_of_any_kind_are_no_password),
    };

    return cmocka_run_group_tests_name("staff_password", tests, NULL, NULL);
}
