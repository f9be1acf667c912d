/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "idp/base/text.h"
#include "policies/dpop.h"

#define NOW INT64_C(1800000000)
#define GOOD "\"jti\":\"j\",\"htm\":\"POST\",\"htu\":\"https://id.example/oauth2/token\",\"iat\":"

static const struct dpop_request asked = { "POST", "https://id.example/oauth2/token", NULL, NOW };

static const char *
judged(struct arena *arena, const char *claims, const struct dpop_request *request)
{
    return dpop_claims_judge(arena, json_read(arena, bytes_of_text(claims)), request);
}

/* SC-03, SC-04, SC-07; "" where the claims hold. */
static void
the_claims_are_judged_one_by_one(void **state)
{
    static const struct {
        const char *claims;
        const char *reason;
    } cases[] = {
        { "{" GOOD "1800000000}", "" },
        { "{" GOOD "1799999990}", "" },
        { "{" GOOD "1800000010}", "" },
        { "{" GOOD "1799999700}", "" },
        { "{" GOOD "1799999699}", "iat" },
        { "{" GOOD "1800000061}", "iat" },
        { "{" GOOD "1799996400}", "iat" },
        { "{" GOOD "1800003600}", "iat" },
        { "{" GOOD "\"now\"}", "iat" },
        { "{" GOOD "1800000000,\"exp\":1800000001,\"nbf\":1800000000}", "" },
        { "{" GOOD "1800000000,\"exp\":1800000000}", "exp" },
        { "{" GOOD "1800000000,\"exp\":\"later\"}", "exp" },
        { "{" GOOD "1800000000,\"nbf\":1800003600}", "nbf" },
        { "{" GOOD "1800000000,\"more\":[1,2]}", "" },
        { "{\"htm\":\"POST\",\"htu\":\"https://id.example/oauth2/token\",\"iat\":1800000000}",
          "jti" },
        { "{\"jti\":\"\",\"htm\":\"POST\",\"htu\":\"https://id.example/oauth2/token\",\"iat\":"
          "1800000000}",
          "jti" },
        { "{\"jti\":1,\"htm\":\"POST\",\"htu\":\"https://id.example/oauth2/token\",\"iat\":"
          "1800000000}",
          "jti" },
        { "{\"jti\":\"j\",\"htu\":\"https://id.example/oauth2/token\",\"iat\":1800000000}", "htm" },
        { "{\"jti\":\"j\",\"htm\":\"post\",\"htu\":\"https://id.example/oauth2/token\",\"iat\":"
          "1800000000}",
          "htm" },
        { "{\"jti\":\"j\",\"htm\":\"GET\",\"htu\":\"https://id.example/oauth2/token\",\"iat\":"
          "1800000000}",
          "htm" },
        { "{\"jti\":\"j\",\"htm\":\"POST\",\"iat\":1800000000}", "htu" },
        { "{\"jti\":\"j\",\"htm\":\"POST\",\"htu\":\"https://id.example/oauth2/token\"}", "iat" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *reason = judged(*state, cases[i].claims, &asked);

        assert_string_equal(reason != NULL ? reason : "", cases[i].reason);
    }
}

/* SC-03 */
static void
a_uri_is_the_same_however_it_is_written(void **state)
{
    static const struct {
        const char *htu;
        const char *own;
        bool same;
    } cases[] = {
        { "https://id.example/oauth2/token", "https://id.example/oauth2/token", true },
        { "https://id.example/oauth2/token?a=b", "https://id.example/oauth2/token", true },
        { "https://id.example/oauth2/token#a", "https://id.example/oauth2/token", true },
        { "HTTPS://ID.Example/oauth2/token", "https://id.example/oauth2/token", true },
        { "https://id.example:443/oauth2/token", "https://id.example/oauth2/token", true },
        { "http://localhost:80/oauth2/token", "http://localhost/oauth2/token", true },
        { "http://localhost:9080/oauth2/token", "http://localhost:9080/oauth2/token", true },
        { "https://id.example/oauth2/%74oken", "https://id.example/oauth2/token", true },
        { "https://id.example", "https://id.example/", true },
        { "https://id.example?a", "https://id.example/", true },
        { "https://id.example/oauth2/token/", "https://id.example/oauth2/token", false },
        { "https://id.example/OAuth2/token", "https://id.example/oauth2/token", false },
        { "https://id.example/oauth2%2Ftoken", "https://id.example/oauth2/token", false },
        { "https://id.example/oauth2/tok%en", "https://id.example/oauth2/token", false },
        { "https://id.example/oauth2/token%", "https://id.example/oauth2/token", false },
        { "https://id.example:444/oauth2/token", "https://id.example/oauth2/token", false },
        { "https://id.example:80/oauth2/token", "https://id.example/oauth2/token", false },
        { "http://id.example/oauth2/token", "https://id.example/oauth2/token", false },
        { "https://other.example/oauth2/token", "https://id.example/oauth2/token", false },
        { "https://id.example@other/oauth2/token", "https://id.example/oauth2/token", false },
        { "/oauth2/token", "https://id.example/oauth2/token", false },
        { "", "https://id.example/oauth2/token", false },
    };
    struct arena *arena = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dpop_request request = asked;
        const char *claims = arena_printf(
            arena, "{\"jti\":\"j\",\"htm\":\"POST\",\"htu\":\"%s\",\"iat\":1800000000}",
            cases[i].htu);

        request.uri = cases[i].own;
        if ((judged(arena, claims, &request) == NULL) != cases[i].same)
            fail_msg("%s", cases[i].htu);
    }
}

/* SC-09 */
static void
a_proof_for_a_token_names_that_token(void **state)
{
    struct dpop_request request = asked;

    request.token_digest = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";
    assert_string_equal(judged(*state, "{" GOOD "1800000000}", &request), "ath");
    assert_string_equal(judged(*state, "{" GOOD "1800000000,\"ath\":\"other\"}", &request), "ath");
    assert_null(judged(*state,
                       "{" GOOD "1800000000,\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
                       "\"}",
                       &request));
}

static void
a_thumbprint_has_one_form(void **state)
{
    assert_true(
        dpop_thumbprint_is_well_formed(*state, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    assert_false(
        dpop_thumbprint_is_well_formed(*state, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J"));
    assert_false(
        dpop_thumbprint_is_well_formed(*state, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4"));
    assert_false(
        dpop_thumbprint_is_well_formed(*state, "0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    assert_false(dpop_thumbprint_is_well_formed(*state, ""));
}

static int
arena_setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int
arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_claims_are_judged_one_by_one),
        TEST(a_uri_is_the_same_however_it_is_written),
        TEST(a_proof_for_a_token_names_that_token),
        TEST(a_thumbprint_has_one_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
