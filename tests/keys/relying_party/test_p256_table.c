/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/p256_table.h"

#include "keys/jws.h"
#include "keys/secret.h"
#include "tests/keys/jws_cases.h"
#include "tests/keys/kit.h"
#include "tests/keys/vectors.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/params.h>

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

/* r = x(Q), s = r and a digest of zero make u G + v Q the key itself, whose x is r: a signature of
 * what nobody can find words for. */
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

static EVP_PKEY *
key_of_point(const EC_GROUP *curve, const EC_POINT *point)
{
    uint8_t bytes[65];
    char group[] = "P-256";
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("group", group, 0),
        OSSL_PARAM_construct_octet_string("pub", bytes, sizeof(bytes)),
        OSSL_PARAM_construct_end(),
    };

    assert_int_equal(
        EC_POINT_point2oct(curve, point, POINT_CONVERSION_UNCOMPRESSED, bytes, sizeof(bytes), NULL),
        sizeof(bytes));
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

/* One in 2^32 points has an x beyond the order; r is what is left of it then. The key is such a point,
 * and r = s with a digest of zero make the sum the key. */
static void
an_x_beyond_the_order_is_known_by_what_is_left(void **state)
{
    EC_GROUP *curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *point = EC_POINT_new(curve);
    BIGNUM *x = BN_dup(EC_GROUP_get0_order(curve));
    struct digest zero = { { 0 } };
    uint8_t signature[64] = { 0 };
    uint8_t der[P256_DER_MAX];
    struct p256_table *table;
    uint8_t left = 0;
    EVP_PKEY_CTX *ctx;
    EVP_PKEY *key;

    do {
        left++;
        BN_add_word(x, 1);
    } while (EC_POINT_set_compressed_coordinates(curve, point, x, 0, NULL) != 1);
    signature[31] = left;
    signature[63] = left;
    key = key_of_point(curve, point);
    table = p256_table_new(key);
    ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    assert_int_equal(
        EVP_PKEY_verify(ctx, der, p256_der_of_raw(signature, der), zero.bytes, sizeof(zero.bytes)),
        1);
    assert_int_equal(p256_table_check(table, &zero, signature), P256_HOLDS);
    signature[31]++;
    assert_int_equal(p256_table_check(table, &zero, signature), P256_REFUSED);
    p256_table_free(table);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    EC_POINT_free(point);
    EC_GROUP_free(curve);
    BN_free(x);
    (void)state;
}

/* With s = 1 and a digest of -r d the sum is the point at infinity, whose coordinates say anything. */
static void
the_point_at_infinity_is_no_answer(void **state)
{
    struct signing_key key = signing_key_new(*state, JWS_ES256, 61);
    struct p256_table *table = p256_table_new(key.key);
    uint8_t signature[64] = { [31] = 7, [63] = 1 };
    struct digest digest;
    BIGNUM *order = NULL;
    BIGNUM *d = NULL;

    BN_CTX *pool = BN_CTX_new();

    BN_hex2bn(&order, ORDER_256);
    assert_int_equal(EVP_PKEY_get_bn_param(key.key, "priv", &d), 1);
    assert_int_equal(BN_mul_word(d, 7), 1);
    assert_int_equal(BN_nnmod(d, d, order, pool), 1);
    assert_int_equal(BN_sub(d, order, d), 1);
    assert_int_equal(BN_bn2binpad(d, digest.bytes, sizeof(digest.bytes)), sizeof(digest.bytes));
    assert_int_equal(p256_table_check(table, &digest, signature), P256_UNSURE);
    BN_free(d);
    BN_free(order);
    BN_CTX_free(pool);
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
        TEST(the_example_of_the_rfc_holds),
        TEST(it_says_what_openssl_says),
        TEST(jw_15_numbers_out_of_range_are_refused),
        TEST(sums_at_the_edge_come_out_as_by_openssl),
        TEST(an_x_beyond_the_order_is_known_by_what_is_left),
        TEST(the_point_at_infinity_is_no_answer),
        TEST(a_key_of_another_kind_has_no_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
