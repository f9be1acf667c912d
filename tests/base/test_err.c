/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/err.h"

static void
each_error_has_a_name_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(err_name(OK), "ok");
    assert_string_equal(err_name(ERR_NOT_FOUND), "not_found");
    for (int a = OK; a <= ERR_INTERNAL; a++) {
        assert_int_equal(strspn(err_name((enum err)a), "abcdefghijklmnopqrstuvwxyz_"),
                         strlen(err_name((enum err)a)));
        for (int b = OK; b < a; b++)
            assert_string_not_equal(err_name((enum err)a), err_name((enum err)b));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = { base_test(each_error_has_a_name_of_its_own) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
