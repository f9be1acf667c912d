/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_pair.h"
#include "tests/keys/kit.h"

#include <openssl/pem.h>

#include "idp/base/text.h"
#include "keys/jwk.h"

static const enum jws_alg signing_algs[] = { JWS_RS256, JWS_ES256, JWS_EDDSA, JWS_SM2 };

static void
a_key_pair_survives_the_way_to_der_and_back(void **state)
{
    for (size_t i = 0; i < 4; i++) {
        EVP_PKEY *key;
        EVP_PKEY *back;
        struct bytes der;

        assert_int_equal(key_generate(signing_algs[i], &key), OK);
        assert_true(key_fits(key, signing_algs[i]));
        assert_int_equal(key_to_der(*state, key, &der), OK);
        assert_int_equal(key_from_der(der, &back), OK);
        assert_int_equal(EVP_PKEY_eq(key, back), 1);
        assert_int_equal(key_from_der(bytes_of(der.at, der.size - 1), &back), ERR_INVALID);
        assert_int_equal(
            key_from_der(bytes_of(arena_copy(*state, der.at, der.size), der.size + 1), &back),
            ERR_INVALID);
        EVP_PKEY_free(key);
        EVP_PKEY_free(back);
    }
}

static void
no_key_pair_is_made_for_an_algorithm_without_one(void **state)
{
    EVP_PKEY *key = NULL;

    (void)state;
    assert_int_equal(key_generate(JWS_NONE, &key), ERR_INVALID);
    assert_int_equal(key_generate(JWS_HS256, &key), ERR_INVALID);
    assert_null(key);
}

static void
a_public_pem_is_the_public_half(void **state)
{
    struct signing_key ours = signing_key_new(*state, JWS_ES256, 1);
    const char *pem;
    EVP_PKEY *key;
    BIO *bio;

    assert_int_equal(key_to_public_pem(*state, ours.key, &pem), OK);
    assert_true(text_starts(pem, "-----BEGIN PUBLIC KEY-----\n"));
    bio = BIO_new_mem_buf(pem, -1);
    key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    assert_int_equal(EVP_PKEY_eq(key, ours.key), 1);
    EVP_PKEY_free(key);
    BIO_free(bio);
    EVP_PKEY_free(ours.key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_pair_survives_the_way_to_der_and_back),
        TEST(no_key_pair_is_made_for_an_algorithm_without_one),
        TEST(a_public_pem_is_the_public_half),
    };

    return cmocka_run_group_tests_name("key_pair", tests, NULL, NULL);
}
