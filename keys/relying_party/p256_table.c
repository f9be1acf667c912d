/* SPDX-License-Identifier: Apache-2.0 */
/* A table of multiples is made by EC_GROUP_precompute_mult() alone, which OpenSSL 3 calls deprecated. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "keys/relying_party/p256_table.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <stdlib.h>

#include "keys/relying_party/p256_inverse.h"

#define NUMBER_SIZE 32
#define POINT_SIZE (1 + 2 * NUMBER_SIZE)

struct p256_table {
    EC_GROUP *curve;
    EC_GROUP
    *of_key; /* the same curve with the key as its generator, so that the table is the key's */
};

static EC_POINT *
point_of(EVP_PKEY *key, const EC_GROUP *curve)
{
    uint8_t bytes[POINT_SIZE];
    size_t size;
    EC_POINT *point = EC_POINT_new(curve);

    if (point != NULL &&
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes, sizeof(bytes),
                                        &size) == 1 &&
        EC_POINT_oct2point(curve, point, bytes, size, NULL) == 1)
        return point;
    EC_POINT_free(point);
    return NULL;
}

static bool
is_filled(struct p256_table *table, EVP_PKEY *key)
{
    EC_POINT *point = table->curve != NULL ? point_of(key, table->curve) : NULL;
    bool filled = point != NULL && table->of_key != NULL &&
                  EC_GROUP_set_generator(table->of_key, point, EC_GROUP_get0_order(table->curve),
                                         BN_value_one()) == 1 &&
                  EC_GROUP_precompute_mult(table->of_key, NULL) == 1;

    EC_POINT_free(point);
    return filled;
}

struct p256_table *
p256_table_new(EVP_PKEY *key)
{
    struct p256_table *table = calloc(1, sizeof(*table));

    if (table == NULL)
        return NULL;
    table->curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    table->of_key = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    if (is_filled(table, key))
        return table;
    ERR_clear_error();
    p256_table_free(table);
    return NULL;
}

void
p256_table_free(struct p256_table *table)
{
    if (table == NULL)
        return;
    EC_GROUP_free(table->curve);
    EC_GROUP_free(table->of_key);
    free(table);
}

/* The numbers of one check, all of one pool. */
struct p256_sum {
    BN_CTX *pool;
    BIGNUM *z; /* what was signed */
    BIGNUM *r;
    BIGNUM *s;
    BIGNUM *w; /* 1 / s */
    BIGNUM *u;
    BIGNUM *v;
    EC_POINT *left;
    EC_POINT *right;
};

static bool
is_in_range(const BIGNUM *number, const BIGNUM *order)
{
    return !BN_is_zero(number) && BN_cmp(number, order) < 0;
}

/* That it is the inverse is proven, not trusted. */
static bool
inverse_is_found(struct p256_sum *sum, const BIGNUM *order)
{
    return p256_inverse(sum->s, order, sum->w) &&
           BN_mod_mul(sum->u, sum->w, sum->s, order, sum->pool) == 1 && BN_is_one(sum->u);
}

/* u = digest / s, v = r / s; then the x of u G + v Q, modulo the order, into u. What has no x, the
 * point at infinity, is not found. */
static bool
x_is_found(const struct p256_table *table, struct p256_sum *sum, const BIGNUM *order)
{
    const EC_GROUP *curve = table->curve;

    return BN_mod_mul(sum->u, sum->z, sum->w, order, sum->pool) == 1 &&
           BN_mod_mul(sum->v, sum->r, sum->w, order, sum->pool) == 1 &&
           EC_POINT_mul(curve, sum->left, sum->u, NULL, NULL, sum->pool) == 1 &&
           EC_POINT_mul(table->of_key, sum->right, sum->v, NULL, NULL, sum->pool) == 1 &&
           EC_POINT_add(curve, sum->left, sum->left, sum->right, sum->pool) == 1 &&
           EC_POINT_get_affine_coordinates(curve, sum->left, sum->u, NULL, sum->pool) == 1 &&
           BN_nnmod(sum->u, sum->u, order, sum->pool) == 1;
}

static bool
numbers_are_taken(struct p256_sum *sum, const struct p256_table *table)
{
    sum->pool = BN_CTX_new();
    if (sum->pool == NULL)
        return false;
    BN_CTX_start(sum->pool);
    sum->z = BN_CTX_get(sum->pool);
    sum->r = BN_CTX_get(sum->pool);
    sum->s = BN_CTX_get(sum->pool);
    sum->w = BN_CTX_get(sum->pool);
    sum->u = BN_CTX_get(sum->pool);
    sum->v = BN_CTX_get(sum->pool);
    sum->left = EC_POINT_new(table->curve);
    sum->right = EC_POINT_new(table->curve);
    return sum->v != NULL && sum->left != NULL && sum->right != NULL;
}

static void
numbers_are_given_back(struct p256_sum *sum)
{
    EC_POINT_free(sum->left);
    EC_POINT_free(sum->right);
    if (sum->pool != NULL)
        BN_CTX_end(sum->pool);
    BN_CTX_free(sum->pool);
    ERR_clear_error();
}

/* FIPS 186-5, 6.4.2. */
static enum p256_verdict
verdict_of(const struct p256_table *table, struct p256_sum *sum, const struct digest *digest,
           const uint8_t *signature)
{
    const BIGNUM *order = EC_GROUP_get0_order(table->curve);

    if (BN_bin2bn(digest->bytes, NUMBER_SIZE, sum->z) == NULL ||
        BN_bin2bn(signature, NUMBER_SIZE, sum->r) == NULL ||
        BN_bin2bn(signature + NUMBER_SIZE, NUMBER_SIZE, sum->s) == NULL)
        return P256_UNSURE;
    if (!is_in_range(sum->r, order) || !is_in_range(sum->s, order))
        return P256_REFUSED;
    if (!inverse_is_found(sum, order) || !x_is_found(table, sum, order))
        return P256_UNSURE;
    return BN_cmp(sum->u, sum->r) == 0 ? P256_HOLDS : P256_REFUSED;
}

enum p256_verdict
p256_table_check(const struct p256_table *table, const struct digest *digest,
                 const uint8_t signature[static P256_RAW_SIZE])
{
    struct p256_sum sum = { 0 };
    enum p256_verdict verdict = P256_UNSURE;

    if (numbers_are_taken(&sum, table))
        verdict = verdict_of(table, &sum, digest, signature);
    numbers_are_given_back(&sum);
    return verdict;
}
