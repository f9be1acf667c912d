/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include "keys/jwk.h"
#include "tests/keys/vectors.h"

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
algorithms_have_one_name_each(void **state)
{
    static const char *const unusable[] = { "none",  "NONE",  "nOnE",  "es256", "RS512",
                                            "PS256", "ES384", "HS512", "",      "ES256 " };

    (void)state;
    for (enum jws_alg alg = JWS_HS256; alg <= JWS_EDDSA; alg++)
        assert_int_equal(jws_alg_of(jws_alg_name(alg)), alg);
    assert_string_equal(jws_alg_name(JWS_NONE), "none");
    for (size_t i = 0; i < sizeof(unusable) / sizeof(unusable[0]); i++)
        assert_int_equal(jws_alg_of(unusable[i]), JWS_NONE);
    assert_int_equal(jws_alg_of(NULL), JWS_NONE);
}

/* RFC 9864 names the curve; the name alone makes no other key fit. */
static void
ed25519_is_another_name_for_eddsa(void **state)
{
    static const char *const resembling[] = { "ed25519", "Ed25519 ", "Ed448", "EDDSA" };

    (void)state;
    assert_int_equal(jws_alg_of("Ed25519"), JWS_EDDSA);
    assert_string_equal(jws_alg_name(jws_alg_of("Ed25519")), "EdDSA");
    for (size_t i = 0; i < sizeof(resembling) / sizeof(resembling[0]); i++)
        assert_int_equal(jws_alg_of(resembling[i]), JWS_NONE);
}

static void
thumbprints_are_those_of_the_rfcs(void **state)
{
    const char *kid;

    assert_int_equal(import(*state, RFC7638_JWK, &kid), OK);
    assert_string_equal(kid, RFC7638_THUMBPRINT);
    assert_int_equal(import(*state, RFC8037_JWK, &kid), OK);
    assert_string_equal(kid, RFC8037_THUMBPRINT);
}

static void
members_are_in_a_fixed_order(void **state)
{
    const char *jwk;
    const char *kid;
    enum jws_alg alg;
    EVP_PKEY *key;

    assert_int_equal(jwk_import(*state, RFC8037_JWK, &key, &alg, &kid), OK);
    assert_int_equal(jwk_public(*state, key, alg, &jwk, &kid), OK);
    assert_string_equal(jwk,
                        "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" RFC8037_X
                        "\",\"kid\":\"" RFC8037_THUMBPRINT "\",\"alg\":\"EdDSA\",\"use\":\"sig\"}");
    EVP_PKEY_free(key);
}

static void
a_key_is_not_written_under_an_algorithm_it_does_not_fit(void **state)
{
    struct signing_key ours = signing_key_new(*state, JWS_ES256, 1);
    const char *out;

    assert_int_equal(jwk_public(*state, ours.key, JWS_RS256, &out, &out), ERR_INVALID);
    assert_int_equal(jwk_public(*state, ours.key, JWS_EDDSA, &out, &out), ERR_INVALID);
    assert_int_equal(jwk_public(*state, ours.key, JWS_HS256, &out, &out), ERR_INVALID);
    assert_int_equal(jwk_public(*state, ours.key, JWS_NONE, &out, &out), ERR_INVALID);
    EVP_PKEY_free(ours.key);
}

static void
keys_of_other_curves_sizes_and_kinds_fit_nothing(void **state)
{
    EVP_PKEY *keys[] = {
        EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384"),
        EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1"),
        EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024),
        EVP_PKEY_Q_keygen(NULL, NULL, "X25519"),
        EVP_PKEY_Q_keygen(NULL, NULL, "ED448"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        assert_non_null(keys[i]);
        for (enum jws_alg alg = JWS_NONE; alg <= JWS_EDDSA; alg++)
            assert_false(key_fits(keys[i], alg));
        EVP_PKEY_free(keys[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(algorithms_have_one_name_each),
        TEST(ed25519_is_another_name_for_eddsa),
        TEST(thumbprints_are_those_of_the_rfcs),
        TEST(members_are_in_a_fixed_order),
        TEST(a_key_is_not_written_under_an_algorithm_it_does_not_fit),
        TEST(keys_of_other_curves_sizes_and_kinds_fit_nothing),
    };

    return cmocka_run_group_tests_name("jwk", tests, NULL, NULL);
}
