/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <string.h>

#include "policies/directory_name.h"

static int
setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void
spellings_of_one_name_become_one(void **state)
{
    static const struct {
        const char *spelling;
        const char *canonical;
    } cases[] = {
        { "cn=windows,ou=groups,dc=hrss", "cn=windows,ou=groups,dc=hrss" },
        { "CN = Windows , OU=Groups,DC=HRSS ", "cn=windows,ou=groups,dc=hrss" },
        { "cn=a  b,dc=x", "cn=a b,dc=x" },
        { "cn=a\\, b,dc=x", "cn=a\\2c b,dc=x" },
        { "cn=a\\2C b,dc=x", "cn=a\\2c b,dc=x" },
        { "cn=\\e7\\aa\\97\\E5\\8F\\A3,dc=x", "cn=窗口,dc=x" },
        { "cn=窗口,dc=x", "cn=窗口,dc=x" },
        { "cn=a+sn=b,dc=x", "cn=a+sn=b,dc=x" },
        { "2.5.4.3=a", "2.5.4.3=a" },
        { "cn=a=b", "cn=a\\3db" },
        { "cn=\\ a\\ ", "cn=a" },
        { "cn=#04024869", "cn=\\2304024869" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(directory_name_canonical(*state, cases[i].spelling),
                            cases[i].canonical);
}

static void
what_is_no_name_is_refused(void **state)
{
    static const char *const others[] = {
        "",        " ",        "cn",        "cn=",   "=x",         "cn=a,",
        "cn=a,b",  "cn=\"a\"", "cn=a;dc=b", "cn=<a", "cn=a\\",     "cn=a\\0",
        "cn=\\00", "cn=\\zz",  "cn=\\ff",   "c n=a", "cn=a,,dc=b", "cn=\\41\\xq"
    };
    char longest[DIRECTORY_NAME_MAX + 2] = "cn=";

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_null(directory_name_canonical(*state, others[i]));
    memset(longest + 3, 'a', sizeof(longest) - 4);
    assert_null(directory_name_canonical(*state, longest));
    longest[DIRECTORY_NAME_MAX] = '\0';
    assert_string_equal(directory_name_canonical(*state, longest), longest);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(spellings_of_one_name_become_one, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_name_is_refused, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
