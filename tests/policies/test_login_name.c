/* SPDX-License-Identifier: Apache-2.0 */
/* TX-09: the old number of 15 digits is that of 18. */
#include "tests/policies/kit.h"

#include "policies/login_name.h"

#define TODAY 20260101

static void
a_phone_number_and_an_identity_number_are_told_apart(void **state)
{
    static const struct {
        const char *typed;
        const char *phone;
        const char *identity_number;
    } cases[] = {
        { "13800138000", "+8613800138000", NULL },
        { "+86 138-0013-8000", "+8613800138000", NULL },
        { "008613800138000", "+8613800138000", NULL }, /* 15 digits too */
        { "11010519491231002x", NULL, "11010519491231002X" },
        { "１１０１０５ 19491231 002X", NULL, "11010519491231002X" },
        { "130503670401001", NULL, "130503196704010016" },
        { "110105491231002", NULL, "11010519491231002X" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct login_name name;

        assert_null(login_name_check(*state, cases[i].typed, TODAY, &name));
        assert_true((name.phone == NULL) == (cases[i].phone == NULL));
        assert_true((name.identity_number == NULL) == (cases[i].identity_number == NULL));
        if (name.phone != NULL)
            assert_string_equal(name.phone, cases[i].phone);
        else
            assert_string_equal(name.identity_number, cases[i].identity_number);
    }
}

static void
what_is_neither_is_refused(void **state)
{
    static const char *const bad[] = { "",
                                       "12345",
                                       "11010519491231002Y",
                                       "张三",
                                       "13050367040100",
                                       "110105194912310021",
                                       "130503671301001" };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct login_name name;

        assert_ptr_equal(login_name_check(*state, bad[i], TODAY, &name),
                         &problem_login_name_invalid);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_phone_number_and_an_identity_number_are_told_apart),
        WITH_ARENA(what_is_neither_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
