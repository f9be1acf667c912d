/* SPDX-License-Identifier: Apache-2.0 */
/* The reading half of jwk.h: keys that somebody else sent. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "keys/jwk.h"

#define KEY_MAX_BYTES 16384
#define SET_MAX_BYTES 65536
#define COORDINATE_SIZE 32

/* The member's text, or NULL when it is absent or no text. */
static const char *
text_member(const json_t *jwk, const char *name)
{
    const char *text = NULL;

    return member_text(jwk, name, KEY_MAX_BYTES, &text) == OK ? text : NULL;
}

static enum err
bytes_member(struct arena *arena, const json_t *jwk, const char *name, struct bytes *out)
{
    const char *text = text_member(jwk, name);

    if (text_is_empty(text))
        return ERR_INVALID;
    return base64url_decode(arena, text, strlen(text), out);
}

static EVP_PKEY *
key_from_params(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (ctx == NULL || params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    return key;
}

static bool
point_is_on_curve(EVP_PKEY *key)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool good = ctx != NULL && EVP_PKEY_public_check(ctx) == 1;

    EVP_PKEY_CTX_free(ctx);
    return good;
}

static EVP_PKEY *
ec_import(struct arena *arena, const json_t *jwk)
{
    char group[] = "P-256";
    uint8_t point[1 + 2 * COORDINATE_SIZE] = { 4 };
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
        OSSL_PARAM_construct_end(),
    };
    struct bytes x;
    struct bytes y;
    EVP_PKEY *key;

    if (!text_eq(text_member(jwk, "crv"), "P-256") || bytes_member(arena, jwk, "x", &x) != OK ||
        bytes_member(arena, jwk, "y", &y) != OK || x.size != COORDINATE_SIZE ||
        y.size != COORDINATE_SIZE)
        return NULL;
    memcpy(point + 1, x.at, x.size);
    memcpy(point + 1 + COORDINATE_SIZE, y.at, y.size);
    key = key_from_params("EC", params);
    if (key != NULL && point_is_on_curve(key))
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

static EVP_PKEY *
rsa_from_numbers(struct bytes n, struct bytes e)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *modulus = BN_bin2bn(n.at, (int)n.size, NULL);
    BIGNUM *exponent = BN_bin2bn(e.at, (int)e.size, NULL);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key;

    if (build != NULL && modulus != NULL && exponent != NULL && BN_is_odd(modulus) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        params = OSSL_PARAM_BLD_to_param(build);
    key = key_from_params("RSA", params);
    OSSL_PARAM_free(params);
    BN_free(exponent);
    BN_free(modulus);
    OSSL_PARAM_BLD_free(build);
    return key;
}

/* Sizes are judged by key_fits(). A number has one spelling: no leading zero (RFC 7518, 2). */
static EVP_PKEY *
rsa_import(struct arena *arena, const json_t *jwk)
{
    struct bytes n;
    struct bytes e;

    if (bytes_member(arena, jwk, "n", &n) != OK || bytes_member(arena, jwk, "e", &e) != OK ||
        n.at[0] == 0 || e.at[0] == 0)
        return NULL;
    return rsa_from_numbers(n, e);
}

/* A point of small order would let anybody sign. */
static EVP_PKEY *
ed25519_import(struct arena *arena, const json_t *jwk)
{
    struct bytes x;

    if (!text_eq(text_member(jwk, "crv"), "Ed25519") || bytes_member(arena, jwk, "x", &x) != OK ||
        x.size != COORDINATE_SIZE || crypto_core_ed25519_is_valid_point(x.at) != 1)
        return NULL;
    return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, x.at, x.size);
}

static EVP_PKEY *
key_of_type(struct arena *arena, const json_t *jwk, enum jws_alg *alg)
{
    const char *kty = text_member(jwk, "kty");

    if (text_eq(kty, "EC")) {
        *alg = JWS_ES256;
        return ec_import(arena, jwk);
    }
    if (text_eq(kty, "RSA")) {
        *alg = JWS_RS256;
        return rsa_import(arena, jwk);
    }
    if (text_eq(kty, "OKP")) {
        *alg = JWS_EDDSA;
        return ed25519_import(arena, jwk);
    }
    return NULL;
}

static bool
has_secret_member(const json_t *jwk)
{
    static const char *const secret[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };

    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
        if (member_is_there(jwk, secret[i]))
            return true;
    return false;
}

/* Absent, or exactly this text. */
static bool
says_nothing_but(const json_t *jwk, const char *name, const char *value)
{
    return !member_is_there(jwk, name) || text_eq(text_member(jwk, name), value);
}

static enum err
name_key(struct arena *arena, const json_t *jwk, struct public_key *key)
{
    const char *thumbprint;
    const char *unused;
    enum err err = jwk_public(arena, key->key, key->alg, &unused, &thumbprint);

    if (err != OK)
        return err;
    if (!member_is_there(jwk, "kid")) {
        key->kid = thumbprint;
        return OK;
    }
    if (text_is_empty(text_member(jwk, "kid")))
        return ERR_INVALID;
    key->kid = arena_text(arena, text_member(jwk, "kid"));
    return OK;
}

static void
key_release(void *key)
{
    EVP_PKEY_free(key);
}

static enum err
object_import(struct arena *arena, const json_t *jwk, struct public_key *out)
{
    struct public_key key = { 0 };
    struct held held;
    bool good;

    if (!json_is_object(jwk) || has_secret_member(jwk) || !says_nothing_but(jwk, "use", "sig"))
        return ERR_INVALID;
    key.key = key_of_type(arena, jwk, &key.alg);
    if (key.key == NULL)
        return ERR_INVALID;
    hold_begin(&held, key_release, key.key);
    good = says_nothing_but(jwk, "alg", jws_alg_name(key.alg)) && key_fits(key.key, key.alg) &&
           name_key(arena, jwk, &key) == OK;
    hold_end(&held);
    if (good)
        *out = key;
    else
        EVP_PKEY_free(key.key);
    return good ? OK : ERR_INVALID;
}

static json_t *
parse(struct arena *arena, const char *text, size_t max_size)
{
    size_t size = strnlen(text, max_size + 1);

    return size <= max_size ? json_read(arena, bytes_of(text, size)) : NULL;
}

enum err
jwk_import(struct arena *arena, const char *text, EVP_PKEY **key, enum jws_alg *alg,
           const char **kid)
{
    struct public_key imported;
    enum err err = object_import(arena, parse(arena, text, KEY_MAX_BYTES), &imported);

    ERR_clear_error();
    if (err != OK)
        return err;
    *key = imported.key;
    *alg = imported.alg;
    *kid = imported.kid;
    return OK;
}

static enum err
array_import(struct arena *arena, const json_t *document, struct key_set *set)
{
    const json_t *keys;
    size_t i;
    json_t *jwk;

    if (member_list(document, "keys", &keys) != OK || json_array_size(keys) > KEY_SET_MAX)
        return ERR_INVALID;
    json_array_foreach(keys, i, jwk)
    {
        if (text_eq(text_member(jwk, "use"), "enc"))
            continue;
        if (object_import(arena, jwk, &set->keys[set->count]) != OK)
            return ERR_INVALID;
        set->count++;
    }
    return set->count > 0 ? OK : ERR_INVALID;
}

static void
set_release(void *set)
{
    key_set_free(set);
}

enum err
key_set_import(struct arena *arena, const char *text, struct key_set *out)
{
    const json_t *document = parse(arena, text, SET_MAX_BYTES);
    struct key_set set = { 0 };
    struct held held;
    enum err err;

    hold_begin(&held, set_release, &set);
    err = array_import(arena, document, &set);
    hold_end(&held);
    ERR_clear_error();
    if (err != OK) {
        key_set_free(&set);
        return err;
    }
    *out = set;
    return OK;
}

void
key_set_free(struct key_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        EVP_PKEY_free(set->keys[i].key);
    *set = (struct key_set) { 0 };
}
