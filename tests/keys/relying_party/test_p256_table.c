/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/p256_table.h"

#include "keys/jws.h"
#include "keys/secret.h"
#include "tests/keys/jws_cases.h"
#include "tests/keys/kit.h"
#include "tests/keys/vectors.h"

static enum p256_verdict
check(const struct p256_table *table, const char *message, const uint8_t *signature)
{
    struct digest digest = digest_of_text(message);

    return p256_table_check(table, &digest, signature);
}

static void
the_example_of_the_rfc_holds(void **state)
{
    const char *const jwk = RFC7515_A3_JWK;
    struct p256_table *table;
    struct digest digest;
    struct jws jws;
    EVP_PKEY *key;
    enum jws_alg alg;
    const char *kid;

    assert_int_equal(jwk_import(*state, jwk, &key, &alg, &kid), OK);
    assert_int_equal(jws_read(*state, RFC7515_A3_TOKEN, &jws), OK);
    table = p256_table_new(key);
    assert_non_null(table);
    digest = digest_of(bytes_of(jws.signing_input, jws.signing_input_size));
    assert_int_equal(p256_table_check(table, &digest, jws.signature.at), P256_HOLDS);
    digest.bytes[31] ^= 1;
    assert_int_equal(p256_table_check(table, &digest, jws.signature.at), P256_REFUSED);
    p256_table_free(table);
    EVP_PKEY_free(key);
}

/* OpenSSL is the judge, of good signatures and of each with one bit changed. */
static void
it_says_what_openssl_says(void **state)
{
    for (uint64_t i = 0; i < 40; i++) {
        struct signing_key key = signing_key_new(*state, JWS_ES256, 1 + i);
        struct p256_table *table = p256_table_new(key.key);
        const char *input =
            signing_input(*state, "{\"alg\":\"ES256\"}", arena_printf(*state, "%d", (int)i));
        struct bytes good = jose_sign(*state, key.key, JWS_ES256, input);
        uint8_t *bad = (uint8_t *)arena_copy(*state, good.at, good.size);
        struct jws jws;

        bad[i * 3 % 64] ^= (uint8_t)(1U << i % 8);
        assert_int_equal(check(table, input, good.at), P256_HOLDS);
        assert_int_equal(check(table, input, bad), P256_REFUSED);
        assert_int_equal(jws_read(*state, with_signature(*state, input, bytes_of(bad, 64)), &jws),
                         OK);
        assert_int_equal(jws_check(&jws, key.key, JWS_ES256), ERR_FORGED);
        p256_table_free(table);
        EVP_PKEY_free(key.key);
    }
}

static void
jw_15_numbers_out_of_range_are_refused(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 50);
    struct p256_table *table = p256_table_new(key.key);

    for (size_t i = 0; i < CASES_OF(signatures_out_of_range); i++)
        assert_int_equal(check(table, "any", unhex(*state, signatures_out_of_range[i]).at),
                         P256_REFUSED);
    p256_table_free(table);
    EVP_PKEY_free(key.key);
}

/*
 * r = x(Q), s = r and a digest of zero make u G + v Q the key itself, whose x is r: a signature of
 * nothing anybody can find words for. With s = -r the sum is the key's negative, of the same x.
 */
static void
sums_at_the_edge_come_out_as_by_openssl(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 60);
    struct p256_table *table = p256_table_new(key.key);
    struct digest zero = { 0 };
    uint8_t point[65];
    uint8_t signature[64];
    uint8_t der[P256_DER_MAX];
    size_t size;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key.key, NULL);
    int judged;

    assert_int_equal(EVP_PKEY_get_octet_string_param(key.key, "pub", point, sizeof(point), &size),
                     1);
    memcpy(signature, point + 1, 32);
    memcpy(signature + 32, point + 1, 32);
    size = p256_der_of_raw(signature, der);
    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    judged = EVP_PKEY_verify(ctx, der, size, zero.bytes, sizeof(zero.bytes));
    assert_int_equal(p256_table_check(table, &zero, signature) == P256_HOLDS, judged == 1);
    EVP_PKEY_CTX_free(ctx);
    p256_table_free(table);
    EVP_PKEY_free(key.key);
}

static void
a_key_of_another_kind_has_no_table(void **state)
{
    struct signing_key rsa = signing_key_new(*state, JWS_RS256, 70);
    EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1");

    assert_null(p256_table_new(rsa.key));
    assert_null(p256_table_new(other));
    p256_table_free(NULL);
    EVP_PKEY_free(other);
    EVP_PKEY_free(rsa.key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_example_of_the_rfc_holds),           TEST(it_says_what_openssl_says),
        TEST(jw_15_numbers_out_of_range_are_refused), TEST(sums_at_the_edge_come_out_as_by_openssl),
        TEST(a_key_of_another_kind_has_no_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
