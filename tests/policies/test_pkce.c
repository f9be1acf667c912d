/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/pkce.h"

/* RFC 7636, appendix B. */
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

static const struct problem *
check(const char *challenge, const char *method, const char *nonce, enum profile_answer required)
{
    return pkce_challenge_check(&(struct pkce_asked) { challenge, method, nonce }, required);
}

static void
a_challenge_of_the_rfc_is_accepted(void **state)
{
    (void)state;
    assert_null(check(CHALLENGE, "S256", NULL, ANSWER_YES));
    assert_null(check(CHALLENGE, "S256", NULL, ANSWER_NONE));
    assert_null(check(CHALLENGE, "S256", "n", ANSWER_NO));
}

static void
cd_01_a_missing_challenge_is_refused_where_required(void **state)
{
    (void)state;
    assert_ptr_equal(check(NULL, NULL, NULL, ANSWER_YES), &problem_pkce_missing);
    assert_ptr_equal(check(NULL, NULL, "n", ANSWER_YES), &problem_pkce_missing);
    assert_ptr_equal(check(NULL, "S256", "n", ANSWER_YES), &problem_pkce_missing);
    assert_ptr_equal(check(NULL, "S256", "n", ANSWER_NONE), &problem_pkce_missing);
    assert_ptr_equal(check(NULL, "S256", "n", ANSWER_NO), &problem_pkce_missing);
}

/* OAuth 2.1, 7.5.1. */
static void
cd_02_a_nonce_will_do_where_nothing_is_said(void **state)
{
    (void)state;
    assert_null(check(NULL, NULL, "n", ANSWER_NONE));
    assert_ptr_equal(check(NULL, NULL, NULL, ANSWER_NONE), &problem_pkce_or_nonce_missing);
    assert_null(check(NULL, NULL, NULL, ANSWER_NO));
}

static void
cd_03_plain_or_no_method_is_refused(void **state)
{
    static const char *const methods[] = { NULL, "", "plain", "s256", "S512", "S256 " };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        assert_ptr_equal(check(CHALLENGE, methods[i], "n", ANSWER_NONE), &problem_pkce_method);
}

static void
a_malformed_challenge_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",   /* 42 */
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMA", /* 44 */
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c=",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN", /* spare bits set */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_ptr_equal(check(bad[i], "S256", "n", ANSWER_NONE),
                         &problem_pkce_challenge_malformed);
}

static void
cd_07_a_verifier_has_43_to_128_unreserved_characters(void **state)
{
    char text[130];

    (void)state;
    assert_null(pkce_verifier_check(VERIFIER));
    memset(text, '~', sizeof(text));
    text[128] = '\0';
    assert_null(pkce_verifier_check(text));
    text[128] = '~';
    text[129] = '\0';
    assert_ptr_equal(pkce_verifier_check(text), &problem_verifier_malformed);
    text[43] = '\0';
    assert_null(pkce_verifier_check(text));
    text[42] = '\0';
    assert_ptr_equal(pkce_verifier_check(text), &problem_verifier_malformed);
    assert_ptr_equal(pkce_verifier_check(""), &problem_verifier_malformed);
    assert_ptr_equal(pkce_verifier_check(VERIFIER "+"), &problem_verifier_malformed);
    assert_ptr_equal(pkce_verifier_check(VERIFIER " "), &problem_verifier_malformed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_challenge_of_the_rfc_is_accepted),
        cmocka_unit_test(cd_01_a_missing_challenge_is_refused_where_required),
        cmocka_unit_test(cd_02_a_nonce_will_do_where_nothing_is_said),
        cmocka_unit_test(cd_03_plain_or_no_method_is_refused),
        cmocka_unit_test(a_malformed_challenge_is_refused),
        cmocka_unit_test(cd_07_a_verifier_has_43_to_128_unreserved_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
