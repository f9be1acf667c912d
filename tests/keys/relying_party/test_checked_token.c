/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/checked_token.h"

#include "tests/keys/relying_party/kit.h"

struct claims_case {
    const char *changes; /* to the claims of a good token */
    enum tongxing_rp_result result;
};

/* JW-20, JW-22 and the times, of all three kinds. The clock stands at NOW = 1795311300. */
static const struct claims_case of_all[] = {
    { "{}", TONGXING_RP_OK },
    { "{\"iss\":\"https://login.example.gov.cn/\"}", TONGXING_RP_WRONG_ISSUER },
    { "{\"iss\":\"HTTPS://login.example.gov.cn\"}", TONGXING_RP_WRONG_ISSUER },
    { "{\"iss\":null}", TONGXING_RP_WRONG_ISSUER },
    { "{\"iss\":[\"https://login.example.gov.cn\"]}", TONGXING_RP_WRONG_ISSUER },
    { "{\"aud\":null}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"aud\":\"\"}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"aud\":[]}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"aud\":7}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"aud\":[7]}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"aud\":\"other\"}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"exp\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"exp\":\"1795311595\"}", TONGXING_RP_CLAIM_MISSING },
    { "{\"exp\":-1}", TONGXING_RP_CLAIM_MISSING },
    { "{\"exp\":1e300}", TONGXING_RP_CLAIM_MISSING },
    { "{\"exp\":true}", TONGXING_RP_CLAIM_MISSING },
    { "{\"exp\":1795311290}", TONGXING_RP_EXPIRED },
    { "{\"exp\":1795311291}", TONGXING_RP_OK },
    { "{\"exp\":1795311595.5}", TONGXING_RP_OK },
    { "{\"iat\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"iat\":\"now\"}", TONGXING_RP_CLAIM_MISSING },
    { "{\"iat\":1795311310}", TONGXING_RP_OK },
    { "{\"iat\":1795311311}", TONGXING_RP_NOT_YET_VALID },
    { "{\"nbf\":1795311310}", TONGXING_RP_OK },
    { "{\"nbf\":1795311311}", TONGXING_RP_NOT_YET_VALID },
    { "{\"nbf\":\"soon\"}", TONGXING_RP_CLAIM_MISSING },
};

static const struct claims_case of_id[] = {
    { "{\"aud\":[\"hospital\"]}", TONGXING_RP_OK },
    { "{\"aud\":[\"hospital\",\"other\"]}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"aud\":[\"hospital\",\"other\"],\"azp\":\"hospital\"}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"azp\":\"hospital\"}", TONGXING_RP_OK },
    { "{\"azp\":\"other\"}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"azp\":7}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"sub\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"sub\":\"\"}", TONGXING_RP_CLAIM_MISSING },
    { "{\"nonce\":null}", TONGXING_RP_WRONG_NONCE },
    { "{\"nonce\":\"other\"}", TONGXING_RP_WRONG_NONCE },
    { "{\"nonce\":[\"jVyveIVD\"]}", TONGXING_RP_WRONG_NONCE },
};

static const struct claims_case of_access[] = {
    { "{\"aud\":\"https://api.hospital.example\"}", TONGXING_RP_OK },
    { "{\"aud\":\"https://api.hospital.example/\"}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"aud\":[\"https://login.example.gov.cn\"]}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"sub\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"jti\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"client_id\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"client_id\":\"other\"}", TONGXING_RP_WRONG_CLIENT },
    { "{\"scope\":null}", TONGXING_RP_SCOPE_MISSING },
    { "{\"scope\":\"openid real\"}", TONGXING_RP_SCOPE_MISSING },
    { "{\"scope\":\"realnames\"}", TONGXING_RP_SCOPE_MISSING },
    { "{\"scope\":[\"realname\"]}", TONGXING_RP_SCOPE_MISSING },
    { "{\"scope\":\"realname\"}", TONGXING_RP_OK },
};

#define EVENT "\"http://schemas.openid.net/event/backchannel-logout\""

static const struct claims_case of_logout[] = {
    { "{\"aud\":[\"hospital\",\"other\"]}", TONGXING_RP_WRONG_AUDIENCE },
    { "{\"jti\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"jti\":\"\"}", TONGXING_RP_CLAIM_MISSING },
    { "{\"sid\":null}", TONGXING_RP_OK },
    { "{\"sub\":null}", TONGXING_RP_OK },
    { "{\"sub\":null,\"sid\":null}", TONGXING_RP_CLAIM_MISSING },
    { "{\"events\":null}", TONGXING_RP_NO_LOGOUT },
    { "{\"events\":[" EVENT "]}", TONGXING_RP_NO_LOGOUT },
    { "{\"events\":{}}", TONGXING_RP_NO_LOGOUT },
    { "{\"events\":{" EVENT ":true}}", TONGXING_RP_NO_LOGOUT },
    { "{\"events\":{" EVENT ":{\"more\":1}}}", TONGXING_RP_OK },
    { "{\"nonce\":\"jVyveIVD\"}", TONGXING_RP_NO_LOGOUT },
    { "{\"nonce\":7}", TONGXING_RP_NO_LOGOUT },
};

struct token_case_kind {
    const char *typ;
    const char *claims;
    enum tongxing_rp_result (*check)(struct issuer *issuer, const char *token);
};

static const struct token_case_kind id = { "JWT", ID_CLAIMS, check_id };
static const struct token_case_kind access_token = { "at+jwt", ACCESS_CLAIMS, check_access };
static const struct token_case_kind logout = { "logout+jwt", LOGOUT_CLAIMS, check_logout };

/* Each with a jti of its own, as a logout is taken once. */
static void
try_cases(struct issuer *issuer, const struct token_case_kind *kind,
          const struct claims_case *cases, size_t count)
{
    static int number;

    for (size_t i = 0; i < count; i++) {
        const char *mine = arena_printf(issuer->arena, "{\"jti\":\"%d\"}", number++);
        const char *claims = claims_with(issuer->arena, kind->claims, mine);
        const char *token = token_of(issuer, &issuer->es256, kind->typ,
                                     claims_with(issuer->arena, claims, cases[i].changes));
        enum tongxing_rp_result result = kind->check(issuer, token);

        if (result != cases[i].result)
            fail_msg("%s with %s: %d, not %d", kind->typ, cases[i].changes, result,
                     cases[i].result);
    }
}

#define COUNT(cases) (sizeof(cases) / sizeof((cases)[0]))

static void
jw_20_jw_22_issuer_audience_and_times_are_as_they_must(void **state)
{
    try_cases(*state, &id, of_all, COUNT(of_all));
    try_cases(*state, &access_token, of_all, COUNT(of_all));
    try_cases(*state, &logout, of_all, COUNT(of_all));
}

static void
an_id_token_answers_this_login(void **state)
{
    try_cases(*state, &id, of_id, COUNT(of_id));
}

static void
an_access_token_is_for_this_api(void **state)
{
    try_cases(*state, &access_token, of_access, COUNT(of_access));
}

static void
a_logout_token_tells_of_a_logout(void **state)
{
    try_cases(*state, &logout, of_logout, COUNT(of_logout));
}

static enum tongxing_rp_result
check_login(struct issuer *issuer, const char *changes, struct tongxing_rp_login login)
{
    const char *token =
        token_of(issuer, &issuer->es256, "JWT", claims_with(issuer->arena, ID_CLAIMS, changes));
    struct tongxing_rp_token *out;
    enum tongxing_rp_result result = tongxing_rp_check_id(issuer->rp, token, &login, &out);

    tongxing_rp_release(out);
    return result;
}

static void
who_sent_no_nonce_gets_none(void **state)
{
    struct tongxing_rp_login login = { 0 };

    assert_int_equal(check_login(*state, "{\"nonce\":null}", login), TONGXING_RP_OK);
    assert_int_equal(check_login(*state, "{}", login), TONGXING_RP_WRONG_NONCE);
    assert_int_equal(check_login(*state, "{\"nonce\":7}", login), TONGXING_RP_WRONG_NONCE);
}

static void
who_wishes_nothing_may_say_so_by_null(void **state)
{
    struct issuer *issuer = *state;
    const char *access = token_of(issuer, &issuer->es256, "at+jwt", ACCESS_CLAIMS);
    struct tongxing_rp_token *out;

    assert_int_equal(tongxing_rp_check_access(issuer->rp, access, NULL, &out), TONGXING_RP_OK);
    tongxing_rp_release(out);
    assert_int_equal(tongxing_rp_check_id(issuer->rp,
                                          token_of(issuer, &issuer->es256, "JWT", ID_CLAIMS), NULL,
                                          &out),
                     TONGXING_RP_WRONG_NONCE);
}

/* The example of OpenID Connect Core 1.0, A.3. */
static void
at_hash_ties_the_access_token_to_the_login(void **state)
{
    struct issuer *issuer = *state;
    struct tongxing_rp_login login = { .nonce = "jVyveIVD",
                                       .access_token =
                                           "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y" };
    const char *eddsa = token_of(issuer, &issuer->eddsa, "JWT", ID_CLAIMS);
    struct tongxing_rp_token *out;

    assert_int_equal(check_login(issuer, "{\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"}", login),
                     TONGXING_RP_OK);
    assert_int_equal(check_login(issuer, "{\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RA\"}", login),
                     TONGXING_RP_WRONG_ACCESS_TOKEN);
    assert_int_equal(check_login(issuer, "{\"at_hash\":7}", login), TONGXING_RP_WRONG_ACCESS_TOKEN);
    assert_int_equal(check_login(issuer, "{}", login), TONGXING_RP_WRONG_ACCESS_TOKEN);
    assert_int_equal(tongxing_rp_check_id(issuer->rp, eddsa, &login, &out), TONGXING_RP_OK);
    tongxing_rp_release(out);
}

static void
a_login_is_as_fresh_and_as_sure_as_was_asked(void **state)
{
    struct tongxing_rp_login fresh = { .nonce = "jVyveIVD", .has_max_age = true, .max_age_s = 90 };
    struct tongxing_rp_login sure = { .nonce = "jVyveIVD",
                                      .levels = "urn:hrss:acr:l2 urn:hrss:acr:l3" };

    assert_int_equal(check_login(*state, "{}", fresh),
                     TONGXING_RP_OK); /* 100 s, of which 10 are skew */
    assert_int_equal(check_login(*state, "{\"auth_time\":1795311199}", fresh),
                     TONGXING_RP_LOGIN_TOO_OLD);
    assert_int_equal(check_login(*state, "{\"auth_time\":null}", fresh), TONGXING_RP_CLAIM_MISSING);
    fresh.max_age_s = 0;
    assert_int_equal(check_login(*state, "{}", fresh), TONGXING_RP_LOGIN_TOO_OLD);
    assert_int_equal(check_login(*state, "{}", sure), TONGXING_RP_OK);
    assert_int_equal(check_login(*state, "{\"acr\":\"urn:hrss:acr:l1\"}", sure),
                     TONGXING_RP_LEVEL_TOO_LOW);
    assert_int_equal(check_login(*state, "{\"acr\":null}", sure), TONGXING_RP_LEVEL_TOO_LOW);
    assert_int_equal(check_login(*state, "{\"acr\":\"\"}", sure), TONGXING_RP_LEVEL_TOO_LOW);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RP_TEST(jw_20_jw_22_issuer_audience_and_times_are_as_they_must),
        RP_TEST(an_id_token_answers_this_login),
        RP_TEST(an_access_token_is_for_this_api),
        RP_TEST(a_logout_token_tells_of_a_logout),
        RP_TEST(who_sent_no_nonce_gets_none),
        RP_TEST(who_wishes_nothing_may_say_so_by_null),
        RP_TEST(at_hash_ties_the_access_token_to_the_login),
        RP_TEST(a_login_is_as_fresh_and_as_sure_as_was_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
