/* SPDX-License-Identifier: Apache-2.0 */
/* libjwt on both sides: what we sign it must accept, and what it would
 * wrongly accept we must refuse. */
#include "keys/key_pair.h"
#include "tests/keys/kit.h"

#include <jwt.h>
#include <openssl/pem.h>

#include "keys/jws.h"
#include "keys/jwt_compat.h"
#include "tests/keys/vectors.h"

#define CLAIMS "{\"iss\":\"joe\"}"

static const struct key32 secret = { "0123456789abcdef0123456789abcdef" };

static struct bytes
secret_bytes(void)
{
    return bytes_of(secret.bytes, sizeof(secret.bytes));
}

static struct bytes
public_pem(struct arena *arena, EVP_PKEY *key)
{
    const char *pem;

    assert_int_equal(key_to_public_pem(arena, key, &pem), OK);
    return bytes_of_text(pem);
}

static bool
libjwt_accepts(const char *token, struct bytes key)
{
    jwt_t *jwt = NULL;
    bool accepted = jwt_decode(&jwt, token, key.at, (int)key.size) == 0;

    jwt_free(jwt);
    return accepted;
}

static enum err
verify(struct arena *arena, const char *token, enum jws_alg alg, struct bytes key)
{
    const char *claims = NULL;
    enum err err = jwt_compat_verify(arena, token, alg, key, &claims);

    assert_int_equal(err == OK, claims != NULL);
    return err;
}

static void
what_we_sign_libjwt_accepts(void **state)
{
    static const enum jws_alg algs[] = { JWS_RS256, JWS_ES256 };

    for (size_t i = 0; i < 2; i++) {
        struct signing_key key = signing_key_new(*state, algs[i], 10 + i);
        struct bytes pem = public_pem(*state, key.key);

        /* Many, because one signature in 128 has an r or s with a leading zero byte. */
        for (int n = 0; n < (algs[i] == JWS_ES256 ? 300 : 5); n++) {
            struct buf out = buf_new(*state, 512);
            const char *claims;

            assert_int_equal(jws_sign(&key, "JWT", bytes_of_text(CLAIMS), &out), OK);
            assert_true(libjwt_accepts(out.at, pem));
            assert_int_equal(jwt_compat_verify(*state, out.at, key.alg, pem, &claims), OK);
            assert_string_equal(claims, CLAIMS);
        }
        EVP_PKEY_free(key.key);
    }
}

static void
the_examples_of_rfc_7515_verify(void **state)
{
    static const struct {
        const char *jwk;
        const char *token;
    } cases[] = { { RFC7515_A2_JWK, RFC7515_A2_TOKEN }, { RFC7515_A3_JWK, RFC7515_A3_TOKEN } };

    for (size_t i = 0; i < 2; i++) {
        EVP_PKEY *key;
        enum jws_alg alg;
        const char *text;

        assert_int_equal(jwk_import(*state, cases[i].jwk, &key, &alg, &text), OK);
        assert_int_equal(
            jwt_compat_verify(*state, cases[i].token, alg, public_pem(*state, key), &text), OK);
        assert_string_equal(text, RFC7515_CLAIMS);
        EVP_PKEY_free(key);
    }
}

static void
hs256_with_the_shared_secret_verifies(void **state)
{
    static const char *const headers[] = { "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                                           "{\"alg\":\"HS256\"}" };
    struct bytes other = bytes_of_text("0123456789abcdef0123456789abcdeF");

    for (size_t i = 0; i < 2; i++) {
        const char *token = token_hmac(*state, EVP_sha256(), secret_bytes(), headers[i], CLAIMS);

        assert_int_equal(verify(*state, token, JWS_HS256, secret_bytes()), OK);
        assert_int_equal(verify(*state, token, JWS_HS256, other), ERR_FORGED);
    }
}

/* S3 (RFC 7519, 2): a number is a number. What it means is judged by who asked. */
static void
s3_times_may_be_written_as_any_number(void **state)
{
    static const char *const claims[] = {
        "{\"exp\":4102444800.5,\"iat\":1767225600.25,\"nbf\":1767225600.9}",
        "{\"exp\":4.1024448e9,\"iat\":1.7672256E+9}"
    };

    for (size_t i = 0; i < 2; i++)
        assert_int_equal(verify(*state,
                                token_hmac(*state, EVP_sha256(), secret_bytes(),
                                           "{\"alg\":\"HS256\"}", claims[i]),
                                JWS_HS256, secret_bytes()),
                         OK);
}

static void
other_types_take_another_way(void **state)
{
    static const char *const types[] = { "at+jwt", "logout+jwt", "jwt", "", "JWT " };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        const char *header = arena_printf(*state, "{\"alg\":\"HS256\",\"typ\":\"%s\"}", types[i]);
        const char *token = token_hmac(*state, EVP_sha256(), secret_bytes(), header, CLAIMS);

        assert_int_not_equal(verify(*state, token, JWS_HS256, secret_bytes()), OK);
    }
}

/* From here on: what libraries.md 2.2 says libjwt lets through, with the proof that it does. */

static void
jw_01_unsigned_tokens_are_refused(void **state)
{
    const char *input = signing_input(*state, "{\"alg\":\"none\"}", CLAIMS);
    const char *unsigned_token = arena_printf(*state, "%s.", input);
    jwt_t *jwt = NULL;

    assert_int_equal(jwt_decode(&jwt, unsigned_token, NULL, 0), 0);
    jwt_free(jwt);
    assert_int_equal(verify(*state, unsigned_token, JWS_NONE, bytes_of("", 0)), ERR_INVALID);
    assert_int_equal(verify(*state, unsigned_token, JWS_HS256, secret_bytes()), ERR_INVALID);
    assert_int_equal(
        verify(*state, arena_printf(*state, "%s.AA", input), JWS_HS256, secret_bytes()),
        ERR_INVALID);
}

static void
jw_02_hs256_keyed_with_our_public_key_is_refused(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_RS256, 20);
    struct bytes pem = public_pem(*state, key.key);
    const char *token = token_hmac(*state, EVP_sha256(), pem, "{\"alg\":\"HS256\"}", CLAIMS);

    assert_true(libjwt_accepts(token, pem));
    assert_int_equal(verify(*state, token, JWS_RS256, pem), ERR_FORGED);
    assert_int_equal(verify(*state, token, JWS_ES256, pem), ERR_FORGED);
    EVP_PKEY_free(key.key);
}

static void
jw_03_an_empty_or_short_secret_is_refused(void **state)
{
    static const char header[] = "{\"alg\":\"HS256\"}";
    const char *token;

    for (size_t size = 0; size < 32; size++) {
        token = token_hmac(*state, EVP_sha256(), bytes_of(secret.bytes, size), header, CLAIMS);
        assert_int_equal(verify(*state, token, JWS_HS256, bytes_of(secret.bytes, size)),
                         ERR_FORGED);
        assert_int_equal(verify(*state, token, JWS_HS256, bytes_of(NULL, 0)), ERR_FORGED);
        assert_int_equal(verify(*state, token, JWS_HS256, secret_bytes()), ERR_FORGED);
    }
}

static void
jw_04_the_very_algorithm_counts(void **state)
{
    struct signing_key rsa = signing_key_new(*state, JWS_RS256, 30);
    struct bytes pem = public_pem(*state, rsa.key);
    const char *rs512 = signing_input(*state, "{\"alg\":\"RS512\"}", CLAIMS);
    const char *hs512 =
        token_hmac(*state, EVP_sha512(), secret_bytes(), "{\"alg\":\"HS512\"}", CLAIMS);
    const char *rs256 = token_signed(*state, rsa.key, JWS_RS256, "{\"alg\":\"RS256\"}", CLAIMS);

    rs512 = with_signature(*state, rs512, raw_sign(*state, rsa.key, EVP_sha512(), rs512));
    assert_true(libjwt_accepts(rs512, pem));
    assert_true(libjwt_accepts(hs512, secret_bytes()));
    assert_int_equal(verify(*state, rs512, JWS_RS256, pem), ERR_INVALID);
    assert_int_equal(verify(*state, hs512, JWS_HS256, secret_bytes()), ERR_INVALID);
    assert_int_equal(verify(*state, rs256, JWS_RS256, pem), OK);
    assert_int_equal(verify(*state, rs256, JWS_ES256, pem), ERR_FORGED);
    assert_int_equal(verify(*state, rs256, JWS_EDDSA, pem), ERR_FORGED);
    assert_int_equal(verify(*state, rs256, JWS_NONE, pem), ERR_FORGED);
    EVP_PKEY_free(rsa.key);
}

static void
jw_04_es256_with_a_key_of_another_curve_is_refused(void **state)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1");
    struct bytes pem = public_pem(*state, key);
    const char *token = token_signed(*state, key, JWS_ES256, "{\"alg\":\"ES256\"}", CLAIMS);

    assert_true(libjwt_accepts(token, pem));
    assert_int_equal(verify(*state, token, JWS_ES256, pem), ERR_FORGED);
    EVP_PKEY_free(key);
}

static void
jw_07_and_09_crit_and_duplicates_are_refused(void **state)
{
    static const char *const headers[] = { "{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}",
                                           "{\"alg\":\"HS256\",\"kid\":\"a\",\"kid\":\"b\"}" };
    static const char *const payloads[] = { "{\"sub\":\"a\",\"sub\":\"b\"}",
                                            "{\"a\":{\"b\":1,\"b\":2}}" };

    for (size_t i = 0; i < 2; i++) {
        const char *odd_header =
            token_hmac(*state, EVP_sha256(), secret_bytes(), headers[i], CLAIMS);
        const char *odd_payload =
            token_hmac(*state, EVP_sha256(), secret_bytes(), "{\"alg\":\"HS256\"}", payloads[i]);

        assert_true(libjwt_accepts(odd_header, secret_bytes()));
        assert_true(libjwt_accepts(odd_payload, secret_bytes()));
        assert_int_equal(verify(*state, odd_header, JWS_HS256, secret_bytes()), ERR_INVALID);
        assert_int_equal(verify(*state, odd_payload, JWS_HS256, secret_bytes()), ERR_FORGED);
    }
}

static void
jw_17_a_short_rsa_key_is_refused(void **state)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
    struct bytes pem = public_pem(*state, key);
    const char *token = token_signed(*state, key, JWS_RS256, "{\"alg\":\"RS256\"}", CLAIMS);

    assert_true(libjwt_accepts(token, pem));
    assert_int_equal(verify(*state, token, JWS_RS256, pem), ERR_FORGED);
    EVP_PKEY_free(key);
}

static void
jw_18_other_spellings_of_a_signature_are_refused(void **state)
{
    static const char *const tails[] = { "!!!!", " ~ ", "====", "\n", "." };
    struct signing_key key = signing_key_new(*state, JWS_RS256, 40);
    struct bytes pem = public_pem(*state, key.key);
    char *token =
        arena_text(*state, token_signed(*state, key.key, JWS_RS256, "{\"alg\":\"RS256\"}", CLAIMS));

    assert_true(libjwt_accepts(arena_printf(*state, "%s!!!!", token), pem));
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
        assert_int_equal(
            verify(*state, arena_printf(*state, "%s%s", token, tails[i]), JWS_RS256, pem),
            ERR_INVALID);
    token[strlen(token) - 1]++; /* only spare bits differ: A, Q, g and w have none */
    assert_int_equal(verify(*state, token, JWS_RS256, pem), ERR_INVALID);
    EVP_PKEY_free(key.key);
}

static void
jw_19_empty_and_huge_segments_never_reach_libjwt(void **state)
{
    static const char *const tokens[] = { "..",      ".",
                                          "",        "eyJhbGciOiJIUzI1NiJ9..",
                                          ".e30.AA", "eyJhbGciOiJIUzI1NiJ9..AA" };
    char *huge = arena_alloc(*state, 300001);

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
        assert_int_equal(verify(*state, tokens[i], JWS_HS256, secret_bytes()), ERR_INVALID);
    memset(huge, 'A', 300000);
    assert_int_equal(verify(*state, arena_printf(*state, "eyJhbGciOiJIUzI1NiJ9.%s.AA", huge),
                            JWS_HS256, secret_bytes()),
                     ERR_INVALID);
}

static void
ecdsa_signatures_of_another_form_are_refused(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 50);
    struct bytes pem = public_pem(*state, key.key);
    const char *input = signing_input(*state, "{\"alg\":\"ES256\"}", CLAIMS);
    struct bytes der = raw_sign(*state, key.key, EVP_sha256(), input);
    struct bytes zeros = bytes_of(arena_alloc(*state, 130), 64);
    struct bytes raw = jose_sign(*state, key.key, JWS_ES256, input);

    assert_int_equal(verify(*state, with_signature(*state, input, der), JWS_ES256, pem),
                     ERR_FORGED);
    assert_int_equal(verify(*state, with_signature(*state, input, zeros), JWS_ES256, pem),
                     ERR_FORGED);
    assert_int_equal(
        verify(*state, with_signature(*state, input, bytes_of(zeros.at, 130)), JWS_ES256, pem),
        ERR_FORGED);
    assert_int_equal(
        verify(*state, with_signature(*state, input, bytes_of(raw.at, 63)), JWS_ES256, pem),
        ERR_FORGED);
    EVP_PKEY_free(key.key);
}

static void
claims_that_are_no_object_are_refused(void **state)
{
    static const char *const payloads[] = { "[]", "\"text\"", "1", "null", "{", "{}x", "\xff" };

    for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++)
        assert_int_equal(verify(*state,
                                token_hmac(*state, EVP_sha256(), secret_bytes(),
                                           "{\"alg\":\"HS256\"}", payloads[i]),
                                JWS_HS256, secret_bytes()),
                         ERR_FORGED);
}

static void
a_key_that_is_no_public_pem_is_refused(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 60);
    const char *token = token_signed(*state, key.key, JWS_ES256, "{\"alg\":\"ES256\"}", CLAIMS);
    struct bytes pem = public_pem(*state, key.key);
    struct bytes huge = bytes_of(arena_alloc(*state, 20000), 20000);

    assert_int_equal(verify(*state, token, JWS_ES256, bytes_of("", 0)), ERR_FORGED);
    assert_int_equal(verify(*state, token, JWS_ES256, bytes_of_text("no key")), ERR_FORGED);
    assert_int_equal(verify(*state, token, JWS_ES256, bytes_of_text(key.jwk)), ERR_FORGED);
    assert_int_equal(verify(*state, token, JWS_ES256, bytes_of(pem.at, pem.size / 2)), ERR_FORGED);
    assert_int_equal(verify(*state, token, JWS_ES256, huge), ERR_FORGED);
    assert_int_equal(verify(*state, token, JWS_HS256, huge), ERR_FORGED);
    EVP_PKEY_free(key.key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_we_sign_libjwt_accepts),
        TEST(the_examples_of_rfc_7515_verify),
        TEST(hs256_with_the_shared_secret_verifies),
        TEST(s3_times_may_be_written_as_any_number),
        TEST(other_types_take_another_way),
        TEST(jw_01_unsigned_tokens_are_refused),
        TEST(jw_02_hs256_keyed_with_our_public_key_is_refused),
        TEST(jw_03_an_empty_or_short_secret_is_refused),
        TEST(jw_04_the_very_algorithm_counts),
        TEST(jw_04_es256_with_a_key_of_another_curve_is_refused),
        TEST(jw_07_and_09_crit_and_duplicates_are_refused),
        TEST(jw_17_a_short_rsa_key_is_refused),
        TEST(jw_18_other_spellings_of_a_signature_are_refused),
        TEST(jw_19_empty_and_huge_segments_never_reach_libjwt),
        TEST(ecdsa_signatures_of_another_form_are_refused),
        TEST(claims_that_are_no_object_are_refused),
        TEST(a_key_that_is_no_public_pem_is_refused),
    };

    return cmocka_run_group_tests_name("jwt_compat", tests, NULL, NULL);
}
