/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "policies/directory_url.h"

static void
an_address_is_scheme_host_and_perhaps_a_port(void **state)
{
    static const char *const right[] = { "ldaps://ldap.agency.cn",   "ldap://ldap.agency.cn",
                                         "ldaps://10.0.0.1:636",     "ldaps://[::1]",
                                         "ldap://[2001:db8::1]:389", "ldaps://h:65535" };
    static const char *const wrong[] = { "",
                                         "ldap.agency.cn",
                                         "ldapi:///",
                                         "http://h",
                                         "ldaps://",
                                         "ldaps://h:",
                                         "ldaps://h:0",
                                         "ldaps://h:65536",
                                         "ldaps://h/",
                                         "ldaps://h/dc=x",
                                         "ldaps://h??sub",
                                         "ldaps://u@h",
                                         "ldaps://[::1",
                                         "ldaps://[::1]x",
                                         "ldaps://-h",
                                         "ldaps://h:636x",
                                         "LDAPS://h" };

    (void)state;
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
        assert_true(directory_url_is_right(right[i]));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(directory_url_is_right(wrong[i]));
}

static void
a_filter_opens_and_closes_its_brackets(void **state)
{
    static const char *const right[] = { "(objectClass=person)",
                                         "(&(objectClass=person)(!(uid=x)))" };
    static const char *const wrong[] = { "",        "objectClass=person", "(objectClass=person",
                                         "(a=b))",  "(a=b)(c=d)",         "(a=b) ",
                                         "(a=\xff)" };

    (void)state;
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
        assert_true(directory_filter_is_right(right[i]));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(directory_filter_is_right(wrong[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_scheme_host_and_perhaps_a_port),
        cmocka_unit_test(a_filter_opens_and_closes_its_brackets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
