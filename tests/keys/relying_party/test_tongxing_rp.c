/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/relying_party/kit.h"

#include <pthread.h>

#include "tests/keys/jws_cases.h"
#include "tests/keys/vectors.h"

static void
tokens_of_each_kind_and_algorithm_are_taken(void **state)
{
    struct issuer *issuer = *state;
    const struct signing_key *keys[] = { &issuer->es256, &issuer->rs256, &issuer->eddsa };

    for (size_t i = 0; i < 3; i++) {
        const char *logout =
            claims_with(issuer->arena, LOGOUT_CLAIMS,
                        arena_printf(issuer->arena, "{\"jti\":\"logout-%zu\"}", i));

        assert_int_equal(check_id(issuer, token_of(issuer, keys[i], "JWT", ID_CLAIMS)), 0);
        assert_int_equal(check_access(issuer, token_of(issuer, keys[i], "at+jwt", ACCESS_CLAIMS)),
                         0);
        assert_int_equal(check_logout(issuer, token_of(issuer, keys[i], "logout+jwt", logout)), 0);
    }
    assert_int_equal(issuer->fetches, 1);
}

static void
what_a_token_says_is_read_from_it(void **state)
{
    struct issuer *issuer = *state;
    const struct tongxing_rp_access access = { 0 };
    struct tongxing_rp_token *token;

    assert_int_equal(
        tongxing_rp_check_access(
            issuer->rp, token_of(issuer, &issuer->es256, "at+jwt", ACCESS_CLAIMS), &access, &token),
        TONGXING_RP_OK);
    assert_string_equal(tongxing_rp_text(token, "client_id"), "front");
    assert_null(tongxing_rp_text(token, "exp"));
    assert_null(tongxing_rp_text(token, "email"));
    assert_int_equal(tongxing_rp_number(token, "exp", -1), 1795311595);
    assert_int_equal(tongxing_rp_number(token, "sub", -1), -1);
    assert_true(tongxing_rp_has_scope(token, "realname"));
    assert_false(tongxing_rp_has_scope(token, "real"));
    assert_string_equal(tongxing_rp_claims(token), ACCESS_CLAIMS);
    tongxing_rp_release(token);
    tongxing_rp_release(NULL);
}

/* One answers for all three kinds: they are told apart by typ, whatever else they say. */
static void
jw_23_no_kind_of_token_stands_in_for_another(void **state)
{
    static const char *const types[] = { "JWT", "at+jwt", "logout+jwt", "", "secevent+jwt", "JWS" };
    struct issuer *issuer = *state;

    for (size_t i = 0; i < CASES_OF(types); i++) {
        const char *id = token_of(issuer, &issuer->es256, types[i], ID_CLAIMS);
        const char *access = token_of(issuer, &issuer->es256, types[i], ACCESS_CLAIMS);
        const char *logout = token_of(issuer, &issuer->es256, types[i], LOGOUT_CLAIMS);

        assert_int_equal(check_id(issuer, id),
                         i == 0 || i == 3 ? TONGXING_RP_OK : TONGXING_RP_WRONG_TYPE);
        assert_int_equal(check_access(issuer, access),
                         i == 1 ? TONGXING_RP_OK : TONGXING_RP_WRONG_TYPE);
        assert_int_equal(check_logout(issuer, logout),
                         i == 2 ? TONGXING_RP_OK : TONGXING_RP_WRONG_TYPE);
    }
}

static void
jw_04_only_a_listed_algorithm_is_taken(void **state)
{
    struct issuer *issuer = *state;
    struct tongxing_rp_config config = issuer_config(issuer);

    tongxing_rp_close(issuer->rp);
    config.algorithms = "ES256";
    assert_int_equal(tongxing_rp_open(&config, &issuer->rp), TONGXING_RP_OK);
    assert_int_equal(check_id(issuer, token_of(issuer, &issuer->es256, "JWT", ID_CLAIMS)),
                     TONGXING_RP_OK);
    assert_int_equal(check_id(issuer, token_of(issuer, &issuer->rs256, "JWT", ID_CLAIMS)),
                     TONGXING_RP_WRONG_ALGORITHM);
    assert_int_equal(check_id(issuer, token_of(issuer, &issuer->eddsa, "JWT", ID_CLAIMS)),
                     TONGXING_RP_WRONG_ALGORITHM);
}

static void
jw_02_a_public_key_is_no_secret(void **state)
{
    struct issuer *issuer = *state;
    const char *pem;
    const char *header =
        arena_printf(issuer->arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", issuer->rs256.kid);
    const char *posing =
        arena_printf(issuer->arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", issuer->rs256.kid);
    struct bytes secret;

    assert_int_equal(key_to_public_pem(issuer->arena, issuer->rs256.key, &pem), OK);
    secret = bytes_of_text(pem);
    assert_int_equal(
        check_id(issuer, token_hmac(issuer->arena, EVP_sha256(), secret, header, ID_CLAIMS)),
        TONGXING_RP_WRONG_ALGORITHM);
    assert_int_equal(
        check_id(issuer, token_hmac(issuer->arena, EVP_sha256(), secret, posing, ID_CLAIMS)),
        TONGXING_RP_WRONG_SIGNATURE);
}

static void
all_refuse(struct issuer *issuer, const char *token, enum tongxing_rp_result result)
{
    assert_int_equal(check_id(issuer, token), result);
    assert_int_equal(check_access(issuer, token), result);
    assert_int_equal(check_logout(issuer, token), result);
}

/* The tables of tests/keys/jws_cases.h. */
static void
what_is_no_signed_token_is_malformed_to_each_check(void **state)
{
    struct issuer *issuer = *state;
    struct arena *arena = issuer->arena;

    for (size_t i = 0; i < CASES_OF(bad_headers); i++)
        all_refuse(issuer, arena_printf(arena, "%s.AA", signing_input(arena, bad_headers[i], "{}")),
                   TONGXING_RP_MALFORMED);
    for (size_t i = 0; i < CASES_OF(unsigned_headers); i++)
        all_refuse(
            issuer,
            token_signed(arena, issuer->es256.key, JWS_ES256, unsigned_headers[i], ID_CLAIMS),
            TONGXING_RP_MALFORMED);
    for (size_t i = 0; i < CASES_OF(crit_values); i++)
        all_refuse(
            issuer,
            token_signed(arena, issuer->es256.key, JWS_ES256,
                         arena_printf(arena, "{\"alg\":\"ES256\",\"crit\":%s}", crit_values[i]),
                         ID_CLAIMS),
            TONGXING_RP_MALFORMED);
    for (size_t i = 0; i < CASES_OF(bad_tails); i++)
        all_refuse(issuer, arena_printf(arena, "%s%s", RFC7515_A3_TOKEN, bad_tails[i]),
                   TONGXING_RP_MALFORMED);
    for (size_t i = 0; i < CASES_OF(bad_spellings); i++)
        all_refuse(issuer, bad_spellings[i], TONGXING_RP_MALFORMED);
    for (size_t i = 0; i < CASES_OF(bad_shapes); i++)
        if (strstr(bad_shapes[i], "%s") == NULL)
            all_refuse(issuer, bad_shapes[i], TONGXING_RP_MALFORMED);
    all_refuse(issuer, NULL, TONGXING_RP_MALFORMED);
    assert_int_equal(issuer->fetches, 1);
}

static void
jw_19_huge_tokens_are_malformed(void **state)
{
    struct issuer *issuer = *state;
    char *megabyte = arena_alloc(issuer->arena, (1 << 20) + 1);

    memset(megabyte, '.', 1 << 20);
    all_refuse(issuer, megabyte, TONGXING_RP_MALFORMED);
    memset(megabyte, 'A', 1 << 20);
    all_refuse(issuer, megabyte, TONGXING_RP_MALFORMED);
}

static void
jw_09_claims_are_one_json_object_without_repeats(void **state)
{
    static const char *const claims[] = {
        "[]",  "7", "null", "{", "{\"iss\":\"a\",\"iss\":\"b\"}", "{}x", "{\"sub\":\"a\\u0000b\"}",
        "\xff"
    };
    struct issuer *issuer = *state;

    for (size_t i = 0; i < CASES_OF(claims); i++)
        assert_int_equal(
            check_access(issuer, token_of(issuer, &issuer->es256, "at+jwt", claims[i])),
            TONGXING_RP_MALFORMED);
}

static const char *
tampered(struct issuer *issuer, const char *token, size_t at)
{
    char *copy = arena_text(issuer->arena, token);

    copy[at] = copy[at] == 'A' ? 'B' : 'A';
    return copy;
}

static void
a_changed_claim_or_another_key_breaks_the_signature(void **state)
{
    struct issuer *issuer = *state;
    const struct signing_key *keys[] = { &issuer->es256, &issuer->rs256, &issuer->eddsa };

    for (size_t i = 0; i < 3; i++) {
        const char *token = token_of(issuer, keys[i], "at+jwt", ACCESS_CLAIMS);
        struct signing_key other = signing_key_new(issuer->arena, keys[i]->alg, 10 + i);
        size_t claims = strcspn(token, ".") + 1;

        assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
        assert_int_equal(check_access(issuer, tampered(issuer, token, claims + 100)),
                         TONGXING_RP_WRONG_SIGNATURE);
        assert_int_equal(check_access(issuer, tampered(issuer, token, strlen(token) - 20)),
                         TONGXING_RP_WRONG_SIGNATURE);
        other.kid = keys[i]->kid;
        assert_int_equal(check_access(issuer, token_of(issuer, &other, "at+jwt", ACCESS_CLAIMS)),
                         TONGXING_RP_WRONG_SIGNATURE);
        EVP_PKEY_free(other.key);
    }
}

static void
jw_15_signatures_out_of_range_or_size_are_refused(void **state)
{
    struct issuer *issuer = *state;
    const char *header =
        arena_printf(issuer->arena, "{\"alg\":\"ES256\",\"kid\":\"%s\"}", issuer->es256.kid);
    const char *input = signing_input(issuer->arena, header, ID_CLAIMS);
    struct bytes good = jose_sign(issuer->arena, issuer->es256.key, JWS_ES256, input);

    for (size_t i = 0; i < CASES_OF(signatures_out_of_range); i++)
        assert_int_equal(
            check_id(issuer, with_signature(issuer->arena, input,
                                            unhex(issuer->arena, signatures_out_of_range[i]))),
            TONGXING_RP_WRONG_SIGNATURE);
    assert_int_equal(check_id(issuer, with_signature(issuer->arena, input, good)), TONGXING_RP_OK);
    assert_int_equal(check_id(issuer, with_signature(issuer->arena, input, bytes_of(good.at, 63))),
                     TONGXING_RP_WRONG_SIGNATURE);
    assert_int_equal(check_id(issuer, with_signature(issuer->arena, input,
                                                     raw_sign(issuer->arena, issuer->es256.key,
                                                              EVP_sha256(), input))),
                     TONGXING_RP_WRONG_SIGNATURE);
}

static void
jw_06_a_key_that_the_header_brings_is_not_used(void **state)
{
    struct issuer *issuer = *state;
    struct signing_key theirs = signing_key_new(issuer->arena, JWS_ES256, 20);
    const char *header = arena_printf(
        issuer->arena,
        "{\"alg\":\"ES256\",\"kid\":\"%s\",\"jwk\":%s,\"jku\":\"http://127.0.0.1:1/\"}",
        issuer->es256.kid, theirs.jwk);

    assert_int_equal(
        check_id(issuer, token_signed(issuer->arena, theirs.key, JWS_ES256, header, ID_CLAIMS)),
        TONGXING_RP_WRONG_SIGNATURE);
    EVP_PKEY_free(theirs.key);
}

static void
a_remembered_token_is_still_judged_each_time(void **state)
{
    struct issuer *issuer = *state;
    const struct tongxing_rp_access other = { .client_id = "elsewhere" };
    const char *token = token_of(issuer, &issuer->es256, "at+jwt", ACCESS_CLAIMS);
    struct tongxing_rp_token *checked;

    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    assert_int_equal(tongxing_rp_check_access(issuer->rp, token, &other, &checked),
                     TONGXING_RP_WRONG_CLIENT);
    issuer->now = 1795311604;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    issuer->now = 1795311605;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_EXPIRED);
}

static void
jw_24_a_remembered_token_is_forgotten_with_its_key(void **state)
{
    struct issuer *issuer = *state;
    const char *token = token_of(issuer, &issuer->es256, "at+jwt",
                                 claims_with(issuer->arena, ACCESS_CLAIMS, "{\"exp\":1795399999}"));

    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    issuer_publish(issuer, issuer->rs256.jwk, issuer->eddsa.jwk, "{}");
    issuer->now += 299;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    issuer->now += 1;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_UNKNOWN_KEY);
}

static void
se_09_a_logout_is_taken_once(void **state)
{
    struct issuer *issuer = *state;
    const char *token = token_of(issuer, &issuer->es256, "logout+jwt", LOGOUT_CLAIMS);
    const char *again = token_of(issuer, &issuer->es256, "logout+jwt", LOGOUT_CLAIMS);

    assert_int_equal(check_logout(issuer, token), TONGXING_RP_OK);
    assert_int_equal(check_logout(issuer, token), TONGXING_RP_REPLAYED);
    assert_int_equal(check_logout(issuer, again), TONGXING_RP_REPLAYED);
}

static void
jw_21_a_forged_logout_does_not_spend_the_number_of_a_true_one(void **state)
{
    struct issuer *issuer = *state;
    const char *token = token_of(issuer, &issuer->es256, "logout+jwt", LOGOUT_CLAIMS);
    const char *elsewhere =
        token_of(issuer, &issuer->es256, "logout+jwt",
                 claims_with(issuer->arena, LOGOUT_CLAIMS, "{\"aud\":\"other\"}"));

    assert_int_equal(check_logout(issuer, tampered(issuer, token, strlen(token) - 20)),
                     TONGXING_RP_WRONG_SIGNATURE);
    assert_int_equal(check_logout(issuer, elsewhere), TONGXING_RP_WRONG_AUDIENCE);
    assert_int_equal(check_logout(issuer, token), TONGXING_RP_OK);
}

static void
a_config_that_lacks_something_is_refused(void **state)
{
    struct issuer *issuer = *state;
    const struct tongxing_rp_config good = issuer_config(issuer);
    struct tongxing_rp_config bad[12];
    struct tongxing_rp *rp = NULL;

    for (size_t i = 0; i < CASES_OF(bad); i++)
        bad[i] = good;
    bad[0].issuer = NULL;
    bad[1].issuer = "";
    bad[2].jwks_url = NULL;
    bad[3].algorithms = NULL;
    bad[4].algorithms = "ES256 none";
    bad[5].algorithms = "HS256";
    bad[6].algorithms = " ";
    bad[7].fetch = NULL;
    bad[8].skew_s = 61;
    bad[9].skew_s = -1;
    bad[10].retry_s = -1;
    bad[11].keep_s = -1;
    for (size_t i = 0; i < CASES_OF(bad); i++)
        assert_int_equal(tongxing_rp_open(&bad[i], &rp), TONGXING_RP_BAD_CONFIG);
    bad[0] = good;
    bad[0].remembered_logouts = SIZE_MAX;
    assert_int_equal(tongxing_rp_open(&bad[0], &rp), TONGXING_RP_NO_MEMORY);
    assert_null(rp);
    tongxing_rp_close(NULL);
}

static void
without_an_audience_of_its_own_a_check_refuses_all(void **state)
{
    struct issuer *issuer = *state;
    struct tongxing_rp_config config = issuer_config(issuer);

    tongxing_rp_close(issuer->rp);
    config.client_id = NULL;
    config.resource = NULL;
    config.cached_tokens = SIZE_MAX;
    assert_int_equal(tongxing_rp_open(&config, &issuer->rp), TONGXING_RP_OK);
    assert_int_equal(check_id(issuer, token_of(issuer, &issuer->es256, "JWT", ID_CLAIMS)),
                     TONGXING_RP_WRONG_AUDIENCE);
    assert_int_equal(
        check_access(issuer, token_of(issuer, &issuer->es256, "at+jwt", ACCESS_CLAIMS)),
        TONGXING_RP_WRONG_AUDIENCE);
    assert_int_equal(
        check_logout(issuer, token_of(issuer, &issuer->es256, "logout+jwt", LOGOUT_CLAIMS)),
        TONGXING_RP_WRONG_AUDIENCE);
}

/* The clock of the machine, and a token that is good by it. */
static void
the_clock_is_the_machines_if_none_is_given(void **state)
{
    struct issuer *issuer = *state;
    struct tongxing_rp_config config = issuer_config(issuer);
    unix_s now = env_now(env_machine());
    const char *times = arena_printf(issuer->arena, "{\"iat\":%lld,\"exp\":%lld}", (long long)now,
                                     (long long)now + 300);

    tongxing_rp_close(issuer->rp);
    config.now = NULL;
    assert_int_equal(tongxing_rp_open(&config, &issuer->rp), TONGXING_RP_OK);
    assert_int_equal(check_id(issuer, token_of(issuer, &issuer->es256, "JWT",
                                               claims_with(issuer->arena, ID_CLAIMS, times))),
                     TONGXING_RP_OK);
    assert_int_equal(
        check_id(issuer, token_of(issuer, &issuer->es256, "JWT",
                                  claims_with(issuer->arena, ID_CLAIMS, "{\"exp\":1000}"))),
        TONGXING_RP_EXPIRED);
}

struct checking_thread {
    struct issuer *issuer;
    const char *tokens[40];
    int refused;
};

static void *
check_all(void *state)
{
    struct checking_thread *worker = state;
    const struct tongxing_rp_access access = { .scope = "realname" };
    struct tongxing_rp_token *token;

    for (int round = 0; round < 5; round++)
        for (size_t i = 0; i < CASES_OF(worker->tokens); i++) {
            if (tongxing_rp_check_access(worker->issuer->rp, worker->tokens[i], &access, &token) !=
                TONGXING_RP_OK)
                worker->refused++;
            tongxing_rp_release(token);
        }
    return NULL;
}

static void
threads_share_one_of_it(void **state)
{
    struct issuer *issuer = *state;
    struct tongxing_rp_config config = issuer_config(issuer);
    struct checking_thread workers[4] = { 0 };
    pthread_t threads[4];

    tongxing_rp_close(issuer->rp);
    config.cached_tokens = 16; /* so that places are fought for */
    assert_int_equal(tongxing_rp_open(&config, &issuer->rp), TONGXING_RP_OK);
    for (size_t t = 0; t < 4; t++) {
        workers[t].issuer = issuer;
        for (size_t i = 0; i < CASES_OF(workers[t].tokens); i++)
            workers[t].tokens[i] =
                t > 0 ? workers[0].tokens[i]
                      : token_of(issuer, &issuer->es256, "at+jwt",
                                 claims_with(issuer->arena, ACCESS_CLAIMS,
                                             arena_printf(issuer->arena, "{\"jti\":\"%zu\"}", i)));
        assert_int_equal(pthread_create(&threads[t], NULL, check_all, &workers[t]), 0);
    }
    for (size_t t = 0; t < 4; t++) {
        pthread_join(threads[t], NULL);
        assert_int_equal(workers[t].refused, 0);
    }
    assert_int_equal(issuer->fetches, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RP_TEST(tokens_of_each_kind_and_algorithm_are_taken),
        RP_TEST(what_a_token_says_is_read_from_it),
        RP_TEST(jw_23_no_kind_of_token_stands_in_for_another),
        RP_TEST(jw_04_only_a_listed_algorithm_is_taken),
        RP_TEST(jw_02_a_public_key_is_no_secret),
        RP_TEST(what_is_no_signed_token_is_malformed_to_each_check),
        RP_TEST(jw_19_huge_tokens_are_malformed),
        RP_TEST(jw_09_claims_are_one_json_object_without_repeats),
        RP_TEST(a_changed_claim_or_another_key_breaks_the_signature),
        RP_TEST(jw_15_signatures_out_of_range_or_size_are_refused),
        RP_TEST(jw_06_a_key_that_the_header_brings_is_not_used),
        RP_TEST(a_remembered_token_is_still_judged_each_time),
        RP_TEST(jw_24_a_remembered_token_is_forgotten_with_its_key),
        RP_TEST(se_09_a_logout_is_taken_once),
        RP_TEST(jw_21_a_forged_logout_does_not_spend_the_number_of_a_true_one),
        RP_TEST(a_config_that_lacks_something_is_refused),
        RP_TEST(without_an_audience_of_its_own_a_check_refuses_all),
        RP_TEST(the_clock_is_the_machines_if_none_is_given),
        RP_TEST(threads_share_one_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
