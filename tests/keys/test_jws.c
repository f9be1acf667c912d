/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_pair.h"
#include "tests/keys/kit.h"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <pthread.h>

#include "idp/base/text.h"
#include "keys/jws.h"
#include "tests/keys/jws_cases.h"
#include "tests/keys/vectors.h"

#define CLAIMS "{\"iss\":\"joe\"}"

static const enum jws_alg signing_algs[] = { JWS_RS256, JWS_ES256, JWS_EDDSA, JWS_SM2 };

/* By jws_sign(), and taken apart again. */
static struct jws
signed_and_read(struct arena *arena, const struct signing_key *key, const char *typ)
{
    struct buf out = buf_new(arena, 64);
    struct jws jws;

    assert_int_equal(jws_sign(key, typ, bytes_of_text(CLAIMS), &out), OK);
    assert_int_equal(jws_read(arena, out.at, &jws), OK);
    return jws;
}

/* ERR_INVALID when it cannot even be read. */
static enum err
check(struct arena *arena, const char *token, EVP_PKEY *key, enum jws_alg alg)
{
    struct jws jws;
    enum err err = jws_read(arena, token, &jws);

    return err != OK ? err : jws_check(&jws, key, alg);
}

static enum err
check_with_jwk(struct arena *arena, const char *token, const char *jwk)
{
    EVP_PKEY *key;
    enum jws_alg alg;
    const char *kid;
    enum err err;

    assert_int_equal(jwk_import(arena, jwk, &key, &alg, &kid), OK);
    err = check(arena, token, key, alg);
    EVP_PKEY_free(key);
    return err;
}

static void
the_examples_of_the_rfcs_hold(void **state)
{
    assert_int_equal(check_with_jwk(*state, RFC7515_A2_TOKEN, RFC7515_A2_JWK), OK);
    assert_int_equal(check_with_jwk(*state, RFC7515_A3_TOKEN, RFC7515_A3_JWK), OK);
    assert_int_equal(check_with_jwk(*state, RFC8037_TOKEN, RFC8037_JWK), OK);
}

static void
what_we_sign_holds_and_names_its_key_and_type(void **state)
{
    for (size_t i = 0; i < 4; i++) {
        struct signing_key key = signing_key_new(*state, signing_algs[i], 100 + i);

        for (int again = 0; again < 3; again++) {
            struct jws jws = signed_and_read(*state, &key, "at+jwt");

            assert_string_equal(jws.alg, jws_alg_name(key.alg));
            assert_string_equal(jws.typ, "at+jwt");
            assert_string_equal(jws.kid, key.kid);
            assert_bytes(jws.payload, bytes_of_text(CLAIMS));
            assert_int_equal(jws_check(&jws, key.key, key.alg), OK);
        }
        EVP_PKEY_free(key.key);
    }
}

/* The published example of GM/T 0003.5: its key, its message, and a signature that was not made here. */
static EVP_PKEY *
sm2_public(struct arena *arena, const char *x, const char *y)
{
    struct bytes point = unhex(arena, arena_printf(arena, "04%s%s", x, y));
    char group[] = "SM2";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point.at, point.size),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    EVP_PKEY *key = NULL;

    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

static void
the_example_of_gmt_0003_holds_under_its_name_alone(void **state)
{
    EVP_PKEY *key = sm2_public(*state, GMT0003_X, GMT0003_Y);
    struct jws jws = {
        .alg = "SGD_SM3_SM2",
        .signing_input = GMT0003_MESSAGE,
        .signing_input_size = strlen(GMT0003_MESSAGE),
        .signature = unhex(*state, GMT0003_R GMT0003_S),
    };
    EVP_MD_CTX *nameless = EVP_MD_CTX_new();
    uint8_t der[P256_DER_MAX];
    size_t size = p256_der_of_raw(jws.signature.at, der);

    assert_int_equal(jws_check(&jws, key, JWS_SM2), OK);
    assert_int_equal(jws_check(&jws, key, JWS_ES256), ERR_FORGED);
    assert_int_equal(EVP_DigestVerifyInit(nameless, NULL, EVP_sm3(), NULL, key), 1);
    assert_int_not_equal(EVP_DigestVerify(nameless, der, size, (const uint8_t *)GMT0003_MESSAGE,
                                          strlen(GMT0003_MESSAGE)),
                         1);
    jws.signing_input = "Message digest";
    assert_int_equal(jws_check(&jws, key, JWS_SM2), ERR_FORGED);
    jws.alg = "ES256";
    assert_int_equal(jws_check(&jws, key, JWS_SM2), ERR_FORGED);
    EVP_MD_CTX_free(nameless);
    EVP_PKEY_free(key);
}

static void
an_sm2_signature_of_another_size_or_bit_does_not_hold(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_SM2, 130);
    struct jws jws = signed_and_read(*state, &key, "card");
    uint8_t *bytes = (uint8_t *)arena_copy(*state, jws.signature.at, jws.signature.size);

    assert_int_equal(jws.signature.size, 64);
    jws.signature = bytes_of(bytes, 63);
    assert_int_equal(jws_check(&jws, key.key, JWS_SM2), ERR_FORGED);
    jws.signature = bytes_of(bytes, 64);
    bytes[40] ^= 1;
    assert_int_equal(jws_check(&jws, key.key, JWS_SM2), ERR_FORGED);
    memset(bytes, 0, 64);
    assert_int_equal(jws_check(&jws, key.key, JWS_SM2), ERR_FORGED);
    EVP_PKEY_free(key.key);
}

static void
a_token_is_appended_to_what_stands(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 110);
    struct buf out = buf_new(*state, 4);

    buf_text(&out, "{\"token\":\"");
    assert_int_equal(jws_sign(&key, "JWT", bytes_of_text(CLAIMS), &out), OK);
    assert_true(text_starts(out.at, "{\"token\":\"ey"));
    assert_int_equal(check(*state, out.at + 10, key.key, JWS_ES256), OK);
    EVP_PKEY_free(key.key);
}

static void
a_key_that_cannot_sign_leaves_nothing_behind(void **state)
{
    struct signing_key key = { .alg = JWS_ES256, .serial = 120, .kid = "k" };
    struct buf out = buf_new(*state, 4);
    enum jws_alg alg;
    const char *kid;

    buf_text(&out, "before");
    assert_int_equal(jwk_import(*state, RFC7515_A3_JWK, &key.key, &alg, &kid), OK);
    assert_int_equal(jws_sign(&key, "JWT", bytes_of_text(CLAIMS), &out), ERR_INTERNAL);
    assert_string_equal(out.at, "before");
    EVP_PKEY_free(key.key);
}

static void
more_keys_than_a_thread_remembers_all_sign(void **state)
{
    struct signing_key keys[11];

    for (size_t i = 0; i < 11; i++)
        keys[i] = signing_key_new(*state, i % 2 ? JWS_ES256 : JWS_EDDSA, 200 + i);
    for (size_t i = 0; i < 33; i++) {
        const struct signing_key *key = &keys[i * 4 % 11];
        struct jws jws = signed_and_read(*state, key, "JWT");

        assert_int_equal(jws_check(&jws, key->key, key->alg), OK);
    }
    for (size_t i = 0; i < 11; i++)
        EVP_PKEY_free(keys[i].key);
}

static void
a_bit_flipped_in_payload_or_signature_is_forged(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        struct signing_key key = signing_key_new(*state, signing_algs[i], 300 + i);
        struct jws jws = signed_and_read(*state, &key, "JWT");
        char *input = arena_copy(*state, jws.signing_input, jws.signing_input_size);
        uint8_t *signature = (uint8_t *)arena_copy(*state, jws.signature.at, jws.signature.size);

        jws.signing_input = input;
        jws.signature.at = signature;
        for (size_t at = 0; at < jws.signature.size; at += 7) {
            signature[at] ^= 4;
            assert_int_equal(jws_check(&jws, key.key, key.alg), ERR_FORGED);
            signature[at] ^= 4;
        }
        input[jws.signing_input_size - 2] ^= 1;
        assert_int_equal(jws_check(&jws, key.key, key.alg), ERR_FORGED);
        EVP_PKEY_free(key.key);
    }
}

static void
another_key_of_the_same_kind_is_forged(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        struct signing_key key = signing_key_new(*state, signing_algs[i], 310 + i);
        struct signing_key other = signing_key_new(*state, signing_algs[i], 320 + i);
        struct jws jws = signed_and_read(*state, &key, "JWT");

        assert_int_equal(jws_check(&jws, other.key, other.alg), ERR_FORGED);
        EVP_PKEY_free(key.key);
        EVP_PKEY_free(other.key);
    }
}

static void
jw_01_unsigned_tokens_never_pass(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 330);

    for (size_t i = 0; i < CASES_OF(unsigned_headers); i++) {
        const char *input = signing_input(*state, unsigned_headers[i], CLAIMS);

        assert_int_not_equal(check(*state, arena_printf(*state, "%s.", input), key.key, JWS_ES256),
                             OK);
        assert_int_not_equal(
            check(*state, arena_printf(*state, "%s.AA", input), key.key, JWS_ES256), OK);
        assert_int_not_equal(
            check(*state, token_signed(*state, key.key, JWS_ES256, unsigned_headers[i], CLAIMS),
                  key.key, JWS_ES256),
            OK);
    }
    EVP_PKEY_free(key.key);
}

static struct bytes
public_der(struct arena *arena, EVP_PKEY *key)
{
    uint8_t *der = NULL;
    int size = i2d_PUBKEY(key, &der);
    const char *copy = arena_copy(arena, der, (size_t)size);

    OPENSSL_free(der);
    return bytes_of(copy, (size_t)size);
}

static void
jw_02_hs256_keyed_with_our_public_key_is_refused(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_RS256, 340);
    const char *pem;
    struct bytes secrets[3];

    assert_int_equal(key_to_public_pem(*state, key.key, &pem), OK);
    secrets[0] = bytes_of_text(pem);
    secrets[1] = public_der(*state, key.key);
    secrets[2] = bytes_of_text(key.jwk);
    for (size_t i = 0; i < 3; i++) {
        const char *token =
            token_hmac(*state, EVP_sha256(), secrets[i], "{\"alg\":\"HS256\"}", CLAIMS);
        const char *posing =
            token_hmac(*state, EVP_sha256(), secrets[i], "{\"alg\":\"RS256\"}", CLAIMS);
        const char *longer =
            token_hmac(*state, EVP_sha512(), secrets[i], "{\"alg\":\"HS512\"}", CLAIMS);

        assert_int_equal(check(*state, token, key.key, JWS_RS256), ERR_FORGED);
        assert_int_equal(check(*state, token, key.key, JWS_HS256), ERR_FORGED);
        assert_int_equal(check(*state, posing, key.key, JWS_RS256), ERR_FORGED);
        assert_int_equal(check(*state, longer, key.key, JWS_RS256), ERR_INVALID);
    }
    EVP_PKEY_free(key.key);
}

static void
jw_03_an_rsa_key_without_alg_is_no_empty_secret(void **state)
{
    const char *token =
        token_hmac(*state, EVP_sha256(), bytes_of("", 0), "{\"alg\":\"HS256\"}", CLAIMS);

    assert_int_equal(check_with_jwk(*state, token, RFC7515_A2_JWK), ERR_FORGED);
}

/* Probabilistic padding, which is what PS256 has. */
static struct bytes
pss_sign(struct arena *arena, EVP_PKEY *key, const char *message)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t *signature = arena_alloc(arena, 512);
    EVP_PKEY_CTX *key_ctx;
    size_t size = 512;

    assert_int_equal(EVP_DigestSignInit(ctx, &key_ctx, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(key_ctx, RSA_PKCS1_PSS_PADDING), 1);
    assert_int_equal(
        EVP_DigestSign(ctx, signature, &size, (const uint8_t *)message, strlen(message)), 1);
    EVP_MD_CTX_free(ctx);
    return bytes_of(signature, size);
}

static void
jw_04_the_very_algorithm_counts_not_its_family(void **state)
{
    struct signing_key rsa = signing_key_new(*state, JWS_RS256, 350);
    struct signing_key ec = signing_key_new(*state, JWS_ES256, 351);
    const char *rs512 = signing_input(*state, "{\"alg\":\"RS512\"}", CLAIMS);
    const char *ps256 = signing_input(*state, "{\"alg\":\"PS256\"}", CLAIMS);
    const char *posing = signing_input(*state, "{\"alg\":\"RS256\"}", CLAIMS);
    const char *rs256 = token_signed(*state, rsa.key, JWS_RS256, "{\"alg\":\"RS256\"}", CLAIMS);

    rs512 = with_signature(*state, rs512, raw_sign(*state, rsa.key, EVP_sha512(), rs512));
    ps256 = with_signature(*state, ps256, pss_sign(*state, rsa.key, ps256));
    assert_int_equal(check(*state, rs512, rsa.key, JWS_RS256), ERR_INVALID);
    assert_int_equal(check(*state, ps256, rsa.key, JWS_RS256), ERR_INVALID);
    assert_int_equal(
        check(*state,
              with_signature(*state, posing, raw_sign(*state, rsa.key, EVP_sha512(), posing)),
              rsa.key, JWS_RS256),
        ERR_FORGED);
    assert_int_equal(check(*state,
                           with_signature(*state, posing, pss_sign(*state, rsa.key, posing)),
                           rsa.key, JWS_RS256),
                     ERR_FORGED);
    assert_int_equal(check(*state, rs256, rsa.key, JWS_RS256), OK);
    assert_int_equal(check(*state, rs256, ec.key, JWS_ES256), ERR_FORGED);
    assert_int_equal(check(*state, rs256, ec.key, JWS_RS256), ERR_FORGED);
    assert_int_equal(check(*state, rs256, rsa.key, JWS_ES256), ERR_FORGED);
    EVP_PKEY_free(rsa.key);
    EVP_PKEY_free(ec.key);
}

static void
jw_06_a_key_that_the_header_brings_is_not_used(void **state)
{
    struct signing_key ours = signing_key_new(*state, JWS_ES256, 360);
    struct signing_key theirs = signing_key_new(*state, JWS_ES256, 361);
    const char *headers[] = {
        arena_printf(*state, "{\"alg\":\"ES256\",\"jwk\":%s}", theirs.jwk),
        "{\"alg\":\"ES256\",\"jku\":\"http://127.0.0.1:1/keys\"}",
        "{\"alg\":\"ES256\",\"x5u\":\"http://127.0.0.1:1/cert\",\"x5c\":[\"AA==\"]}",
    };

    for (size_t i = 0; i < 3; i++) {
        const char *forged = token_signed(*state, theirs.key, JWS_ES256, headers[i], CLAIMS);
        const char *honest = token_signed(*state, ours.key, JWS_ES256, headers[i], CLAIMS);

        assert_int_equal(check(*state, forged, ours.key, JWS_ES256), ERR_FORGED);
        assert_int_equal(check(*state, honest, ours.key, JWS_ES256), OK);
    }
    EVP_PKEY_free(ours.key);
    EVP_PKEY_free(theirs.key);
}

static enum err
check_signature(struct arena *arena, EVP_PKEY *key, struct bytes signature)
{
    const char *input = signing_input(arena, "{\"alg\":\"ES256\"}", CLAIMS);

    return check(arena, with_signature(arena, input, signature), key, JWS_ES256);
}

static void
jw_15_ecdsa_signatures_out_of_range_or_form_are_refused(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 370);
    const char *input = signing_input(*state, "{\"alg\":\"ES256\"}", CLAIMS);
    struct bytes good = jose_sign(*state, key.key, JWS_ES256, input);
    const char *longer = arena_copy(*state, good.at, good.size);

    for (size_t i = 0; i < CASES_OF(signatures_out_of_range); i++)
        assert_int_equal(
            check_signature(*state, key.key, unhex(*state, signatures_out_of_range[i])),
            ERR_FORGED);
    assert_int_equal(check_signature(*state, key.key, good), OK);
    assert_int_equal(check_signature(*state, key.key, bytes_of(good.at, 63)), ERR_FORGED);
    assert_int_equal(check_signature(*state, key.key, bytes_of(good.at, 32)), ERR_FORGED);
    assert_int_equal(check_signature(*state, key.key, bytes_of(longer, 65)), ERR_FORGED);
    assert_int_equal(
        check_signature(*state, key.key, raw_sign(*state, key.key, EVP_sha256(), input)),
        ERR_FORGED);
    EVP_PKEY_free(key.key);
}

static void
rsa_and_eddsa_signatures_of_wrong_size_are_refused(void **state)
{
    for (size_t i = 0; i < 3; i += 2) {
        struct signing_key key = signing_key_new(*state, signing_algs[i], 380 + i);
        struct jws jws = signed_and_read(*state, &key, "JWT");
        struct bytes whole = jws.signature;

        jws.signature = bytes_of(whole.at, whole.size - 1);
        assert_int_equal(jws_check(&jws, key.key, key.alg), ERR_FORGED);
        jws.signature = bytes_of(arena_copy(*state, whole.at, whole.size), whole.size + 1);
        assert_int_equal(jws_check(&jws, key.key, key.alg), ERR_FORGED);
        EVP_PKEY_free(key.key);
    }
}

static void
a_key_of_another_curve_checks_nothing(void **state)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1");
    const char *token = token_signed(*state, key, JWS_ES256, "{\"alg\":\"ES256\"}", CLAIMS);

    assert_int_equal(check(*state, token, key, JWS_ES256), ERR_FORGED);
    EVP_PKEY_free(key);
}

/* Three keys, eight threads: every thread has contexts of its own. */
static struct signing_key shared[3];

static void *
sign_with_each_key(void *unused)
{
    struct arena *arena = arena_new(4 << 20);
    int failed = 0;

    for (size_t i = 0; i < 60; i++) {
        const struct signing_key *key = &shared[i % 3];
        struct buf out = buf_new(arena, 1024);
        struct jws jws;

        if (jws_sign(key, "JWT", bytes_of_text(CLAIMS), &out) != OK ||
            jws_read(arena, out.at, &jws) != OK || jws_check(&jws, key->key, key->alg) != OK)
            failed++;
    }
    arena_free(arena);
    return failed == 0 ? NULL : unused;
}

static void
eight_threads_sign_with_three_keys(void **state)
{
    pthread_t threads[8];
    void *failed;

    for (size_t i = 0; i < 3; i++)
        shared[i] = signing_key_new(*state, signing_algs[i], 400 + i);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sign_with_each_key, shared), 0);
    for (size_t i = 0; i < 8; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    for (size_t i = 0; i < 3; i++)
        EVP_PKEY_free(shared[i].key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_examples_of_the_rfcs_hold),
        TEST(what_we_sign_holds_and_names_its_key_and_type),
        TEST(the_example_of_gmt_0003_holds_under_its_name_alone),
        TEST(an_sm2_signature_of_another_size_or_bit_does_not_hold),
        TEST(a_token_is_appended_to_what_stands),
        TEST(a_key_that_cannot_sign_leaves_nothing_behind),
        TEST(more_keys_than_a_thread_remembers_all_sign),
        TEST(a_bit_flipped_in_payload_or_signature_is_forged),
        TEST(another_key_of_the_same_kind_is_forged),
        TEST(jw_01_unsigned_tokens_never_pass),
        TEST(jw_02_hs256_keyed_with_our_public_key_is_refused),
        TEST(jw_03_an_rsa_key_without_alg_is_no_empty_secret),
        TEST(jw_04_the_very_algorithm_counts_not_its_family),
        TEST(jw_06_a_key_that_the_header_brings_is_not_used),
        TEST(jw_15_ecdsa_signatures_out_of_range_or_form_are_refused),
        TEST(rsa_and_eddsa_signatures_of_wrong_size_are_refused),
        TEST(a_key_of_another_curve_checks_nothing),
        TEST(eight_threads_sign_with_three_keys),
    };

    return cmocka_run_group_tests_name("jws", tests, NULL, NULL);
}
