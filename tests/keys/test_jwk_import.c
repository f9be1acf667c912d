/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include "idp/base/buf.h"
#include "idp/base/emit.h"
#include "keys/jwk.h"
#include "tests/keys/vectors.h"

static const enum jws_alg signing_algs[] = { JWS_RS256, JWS_ES256, JWS_EDDSA };

static enum err
import(struct arena *arena, const char *text, const char **kid)
{
    EVP_PKEY *key = NULL;
    enum jws_alg alg;
    enum err err = jwk_import(arena, text, &key, &alg, kid);

    assert_int_equal(err == OK, key != NULL);
    EVP_PKEY_free(key);
    return err;
}

static void
a_key_of_ours_survives_the_way_out_and_in(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        struct signing_key ours = signing_key_new(*state, signing_algs[i], 1);
        EVP_PKEY *key;
        enum jws_alg alg;
        const char *kid;

        assert_int_equal(jwk_import(*state, ours.jwk, &key, &alg, &kid), OK);
        assert_int_equal(EVP_PKEY_eq(key, ours.key), 1);
        assert_int_equal(alg, signing_algs[i]);
        assert_string_equal(kid, ours.kid);
        assert_null(strstr(ours.jwk, "\"d\""));
        EVP_PKEY_free(key);
        EVP_PKEY_free(ours.key);
    }
}

static void
a_kid_of_its_own_is_kept(void **state)
{
    const char *kid;

    assert_int_equal(
        import(*state,
               "{\"kid\":\"mine\",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC8037_X
               "\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"extra\":[1]}",
               &kid),
        OK);
    assert_string_equal(kid, "mine");
}

#define ED "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC8037_X "\""
#define EC_X "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\""
#define EC_Y "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define RSA "\"kty\":\"RSA\",\"n\":\"" RFC7515_A2_N "\""

static void
a_key_with_secret_or_unfitting_members_is_refused(void **state)
{
    static const char *const cases[] = {
        "{" ED ",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}",
        "{" RSA ",\"e\":\"AQAB\",\"p\":\"AQAB\"}",
        "{" RSA ",\"e\":\"AQAB\",\"oth\":[]}",
        "{" ED ",\"k\":\"AA\"}",
        "{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"kty\":\"oct\"}",
        "{" ED ",\"use\":\"enc\"}",
        "{" ED ",\"use\":1}",
        "{" ED ",\"alg\":\"ES256\"}",
        "{" ED ",\"alg\":\"none\"}",
        "{" ED ",\"alg\":[\"EdDSA\"]}",
        "{" RSA ",\"e\":\"AQAB\",\"alg\":\"RS512\"}",
        "{" RSA ",\"e\":\"AQAB\",\"alg\":\"HS256\"}",
        "{" ED ",\"kid\":7}",
        "{" ED ",\"kid\":\"\"}",
        "{" ED ",\"kty\":\"OKP\"}",
        "{" ED ",\"kid\":\"a\",\"kid\":\"b\"}",
        "[{" ED "}]",
        "{" ED "} ,",
        "{" ED,
        "\"text\"",
        "{}",
        "null",
        "",
    };
    const char *kid;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(import(*state, cases[i], &kid), ERR_INVALID);
}

static void
jw_16_points_off_the_curve_and_keys_of_wrong_length_are_refused(void **state)
{
    static const char *const cases[] = {
        "{\"kty\":\"EC\",\"crv\":\"P-256\"," EC_X "}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\"," EC_X
        ",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\"," EC_X
        ",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5aw\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
        "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\"," EC_X ",\"y\":\"AA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-384\"," EC_X "," EC_Y "}",
        "{\"kty\":\"EC\",\"crv\":\"secp256k1\"," EC_X "," EC_Y "}",
        "{\"kty\":\"EC\"," EC_X "," EC_Y "}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
        "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
        "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURoA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
        "\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" RFC8037_X "\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC8037_X "=\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":1}",
    };
    const char *kid;

    assert_int_equal(import(*state, "{\"kty\":\"EC\",\"crv\":\"P-256\"," EC_X "," EC_Y "}", &kid),
                     OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(import(*state, cases[i], &kid), ERR_INVALID);
}

/* A modulus of so many bits, odd; whether it is a product of two primes does not matter here. */
static const char *
rsa_jwk(struct arena *arena, size_t bits, const char *e)
{
    uint8_t *n = arena_alloc(arena, bits / 8);

    memset(n, 0xab, bits / 8);
    return arena_printf(arena, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}",
                        base64url_encode(arena, bytes_of(n, bits / 8)), e);
}

static void
jw_17_weak_rsa_keys_are_refused(void **state)
{
    static const char *const exponents[] = { "AQ",     "Aw", "EQ",           "AQAA",        "AQAC",
                                             "AAEAAQ", "",   "AAAAAAAAAAAB", "AQAAAAAAAAAB" };
    static const size_t sizes[] = { 512, 1024, 2040, 8200, 65536 };
    const char *kid;

    assert_int_equal(import(*state, rsa_jwk(*state, 2048, "AQAB"), &kid), OK);
    assert_int_equal(import(*state, rsa_jwk(*state, 8192, "AQAB"), &kid), OK);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        assert_int_equal(import(*state, rsa_jwk(*state, sizes[i], "AQAB"), &kid), ERR_INVALID);
    for (size_t i = 0; i < sizeof(exponents) / sizeof(exponents[0]); i++)
        assert_int_equal(import(*state, rsa_jwk(*state, 2048, exponents[i]), &kid), ERR_INVALID);
    assert_int_equal(import(*state, "{\"kty\":\"RSA\",\"e\":\"AQAB\"}", &kid), ERR_INVALID);
}

static void
an_rsa_modulus_has_one_spelling(void **state)
{
    const char *kid;
    uint8_t n[257] = { 0 };

    memset(n + 1, 0xab, 256);
    assert_int_equal(import(*state,
                            arena_printf(*state, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}",
                                         base64url_encode(*state, bytes_of(n, 257))),
                            &kid),
                     ERR_INVALID);
    n[256] = 0xaa;
    assert_int_equal(import(*state,
                            arena_printf(*state, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}",
                                         base64url_encode(*state, bytes_of(n + 1, 256))),
                            &kid),
                     ERR_INVALID);
}

static void
a_text_over_16_kb_is_refused(void **state)
{
    char *blanks = arena_alloc(*state, 17000);
    const char *kid;

    memset(blanks, ' ', 16384 - strlen(RFC8037_JWK));
    assert_int_equal(import(*state, arena_printf(*state, "%s%s", blanks, RFC8037_JWK), &kid), OK);
    assert_int_equal(import(*state, arena_printf(*state, "%s %s", blanks, RFC8037_JWK), &kid),
                     ERR_INVALID);
}

static void
a_partners_set_gives_its_signing_keys(void **state)
{
    struct key_set set;

    assert_int_equal(key_set_import(*state,
                                    "{\"keys\":[" RFC7638_JWK ",{\"kty\":\"RSA\",\"use\":\"enc\"},"
                                    "{\"kid\":\"b\"," ED "}]}",
                                    &set),
                     OK);
    assert_int_equal(set.count, 2);
    assert_string_equal(set.keys[0].kid, RFC7638_THUMBPRINT);
    assert_int_equal(set.keys[0].alg, JWS_RS256);
    assert_string_equal(set.keys[1].kid, "b");
    assert_int_equal(set.keys[1].alg, JWS_EDDSA);
    key_set_free(&set);
    assert_int_equal(set.count, 0);
}

static void
a_set_that_is_broken_or_empty_is_refused_whole(void **state)
{
    static const char *const cases[] = {
        "{\"keys\":[]}",
        "{\"keys\":[{\"use\":\"enc\"}]}",
        "{\"keys\":[{" ED "},{" ED ",\"d\":\"AA\"}]}",
        "{\"keys\":[{" ED "},null]}",
        "{\"keys\":[{" ED "}]",
        "{\"keys\":{" ED "}}",
        "{\"keys\":[{" ED "}],\"keys\":[{" ED "}]}",
        "{" ED "}",
        "[{" ED "}]",
        "{}",
        "",
    };
    struct key_set set = { 0 };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(key_set_import(*state, cases[i], &set), ERR_INVALID);
    assert_int_equal(set.count, 0);
}

static const char *
set_of(struct arena *arena, size_t count)
{
    struct buf buf = buf_new(arena, 4096);

    emit_object(&buf, NULL);
    emit_array(&buf, "keys");
    for (size_t i = 0; i < count; i++)
        emit_raw(&buf, NULL, RFC8037_JWK);
    emit_array_end(&buf);
    emit_object_end(&buf);
    return buf.at;
}

static void
a_set_holds_at_most_16_keys(void **state)
{
    struct key_set set;

    assert_int_equal(key_set_import(*state, set_of(*state, 16), &set), OK);
    assert_int_equal(set.count, 16);
    key_set_free(&set);
    assert_int_equal(key_set_import(*state, set_of(*state, 17), &set), ERR_INVALID);
}

static void
jw_16_edwards_points_of_small_order_or_of_a_second_spelling_are_refused(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    struct arena *arena = *state;
    const char *kid;

    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        const char *x = base64url_encode(arena, unhex(arena, points[i]));

        assert_int_equal(
            import(arena,
                   arena_printf(arena, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}", x),
                   &kid),
            ERR_INVALID);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_of_ours_survives_the_way_out_and_in),
        TEST(a_kid_of_its_own_is_kept),
        TEST(a_key_with_secret_or_unfitting_members_is_refused),
        TEST(jw_16_points_off_the_curve_and_keys_of_wrong_length_are_refused),
        TEST(jw_16_edwards_points_of_small_order_or_of_a_second_spelling_are_refused),
        TEST(jw_17_weak_rsa_keys_are_refused),
        TEST(an_rsa_modulus_has_one_spelling),
        TEST(a_text_over_16_kb_is_refused),
        TEST(a_partners_set_gives_its_signing_keys),
        TEST(a_set_that_is_broken_or_empty_is_refused_whole),
        TEST(a_set_holds_at_most_16_keys),
    };

    return cmocka_run_group_tests_name("jwk_import", tests, NULL, NULL);
}
