/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "idp/base/text.h"
#include "policies/auth_method.h"

static void
each_method_needs_something_but_the_public_one(void **state)
{
    (void)state;
    assert_int_equal(auth_method_need("client_secret_basic"), AUTH_NEEDS_SECRET);
    assert_int_equal(auth_method_need("client_secret_post"), AUTH_NEEDS_SECRET);
    assert_int_equal(auth_method_need("client_secret_jwt"), AUTH_NEEDS_CLEAR_SECRET);
    assert_int_equal(auth_method_need("private_key_jwt"), AUTH_NEEDS_KEYS);
    assert_int_equal(auth_method_need("none"), AUTH_NEEDS_NOTHING);
}

static void
an_unknown_method_is_never_a_public_one(void **state)
{
    (void)state;
    assert_int_equal(auth_method_need(""), AUTH_NEEDS_KEYS);
    assert_int_equal(auth_method_need("None"), AUTH_NEEDS_KEYS);
    assert_int_equal(auth_method_need("tls_client_auth"), AUTH_NEEDS_KEYS);
}

static void
the_words_are_the_names_of_the_table(void **state)
{
    size_t count = 0;

    (void)state;
    while (auth_methods[count].name != NULL)
        assert_true(text_list_has(AUTH_METHODS, auth_methods[count++].name));
    assert_int_equal(text_list_count(AUTH_METHODS), count);
    assert_true(AUTH_METHODS[0] != ' ');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_method_needs_something_but_the_public_one),
        cmocka_unit_test(an_unknown_method_is_never_a_public_one),
        cmocka_unit_test(the_words_are_the_names_of_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
