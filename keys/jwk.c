/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jwk.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>

#include "idp/base/buf.h"
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "keys/secret.h"

#define COORDINATE_SIZE 32
#define RSA_MIN_BITS 2048
#define RSA_MAX_BITS 8192

/* clang-format off */
static const char *const names[] = {
    [JWS_NONE] = "none",
#define ALG_OF_KEYS(value, name) [value] = name,
#define ALG_OF_SECRETS(value, name) [value] = name,
#define ALG_OF_CODES(value, name) [value] = name,
#include "policies/signing_alg.def"
#undef ALG_OF_KEYS
#undef ALG_OF_SECRETS
#undef ALG_OF_CODES
};
/* clang-format on */

const char *
jws_alg_name(enum jws_alg alg)
{
    return names[alg];
}

enum jws_alg
jws_alg_of(const char *name)
{
    for (enum jws_alg alg = JWS_NONE + 1; alg < sizeof(names) / sizeof(names[0]); alg++)
        if (text_eq(name, names[alg]))
            return alg;
    return text_eq(name, "Ed25519") ? JWS_EDDSA : JWS_NONE;
}

/* `size` 0: as many bytes as the number has. */
static enum err
emit_number(struct buf *buf, const char *name, EVP_PKEY *key, const char *param, int size)
{
    uint8_t bytes[RSA_MAX_BITS / 8];
    BIGNUM *number = NULL;
    enum err err = ERR_INVALID;

    if (EVP_PKEY_get_bn_param(key, param, &number) != 1)
        return ERR_INVALID;
    if (size == 0)
        size = BN_num_bytes(number);
    if (size <= (int)sizeof(bytes) && BN_bn2binpad(number, bytes, size) == size) {
        emit_text(buf, name, base64url_encode(buf->arena, bytes_of(bytes, (size_t)size)));
        err = OK;
    }
    BN_free(number);
    return err;
}

static enum err
emit_ec(struct buf *buf, EVP_PKEY *key, const char *curve)
{
    enum err err;

    emit_text(buf, "crv", curve);
    emit_text(buf, "kty", "EC");
    err = emit_number(buf, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, COORDINATE_SIZE);
    if (err != OK)
        return err;
    return emit_number(buf, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, COORDINATE_SIZE);
}

static enum err
emit_rsa(struct buf *buf, EVP_PKEY *key)
{
    enum err err = emit_number(buf, "e", key, OSSL_PKEY_PARAM_RSA_E, 0);

    if (err != OK)
        return err;
    emit_text(buf, "kty", "RSA");
    return emit_number(buf, "n", key, OSSL_PKEY_PARAM_RSA_N, 0);
}

static enum err
emit_ed25519(struct buf *buf, EVP_PKEY *key)
{
    uint8_t raw[COORDINATE_SIZE];
    size_t size = sizeof(raw);

    if (EVP_PKEY_get_raw_public_key(key, raw, &size) != 1)
        return ERR_INVALID;
    emit_text(buf, "crv", "Ed25519");
    emit_text(buf, "kty", "OKP");
    emit_text(buf, "x", base64url_encode(buf->arena, bytes_of(raw, size)));
    return OK;
}

struct jwk_written {
    const char *jwk;
    const char *kid;
};

/* In the order of names, as the thumbprint wants them (RFC 7638, 3.2). */
static enum err
emit_required(struct buf *buf, EVP_PKEY *key, enum jws_alg alg)
{
    if (alg == JWS_ES256)
        return emit_ec(buf, key, "P-256");
    if (alg == JWS_SM2)
        return emit_ec(buf, key, "SM2-P-256");
    if (alg == JWS_RS256)
        return emit_rsa(buf, key);
    return emit_ed25519(buf, key);
}

/* The thumbprint's text is the JWK without its last members, so one writing serves both. The key's
 * name is the first characters of its thumbprint, `kid_size` at most. */
static enum err
jwk_write(struct arena *arena, EVP_PKEY *key, enum jws_alg alg, int kid_size,
          struct jwk_written *out)
{
    struct buf buf = buf_new(arena, 1024);
    struct digest thumbprint;
    enum err err;

    if (!key_fits(key, alg))
        return ERR_INVALID;
    emit_object(&buf, NULL);
    err = emit_required(&buf, key, alg);
    if (err != OK)
        return err;
    emit_object_end(&buf);
    thumbprint = digest_of(buf_view(&buf));
    out->kid =
        arena_printf(arena, "%.*s", kid_size, base64url_encode(arena, digest_view(&thumbprint)));
    buf.size--;
    emit_text(&buf, "kid", out->kid);
    emit_text(&buf, "alg", jws_alg_name(alg));
    emit_text(&buf, "use", "sig");
    emit_object_end(&buf);
    out->jwk = buf.at;
    return OK;
}

enum err
jwk_public(struct arena *arena, EVP_PKEY *key, enum jws_alg alg, const char **jwk, const char **kid)
{
    struct jwk_written written;
    enum err err = jwk_write(arena, key, alg, INT_MAX, &written);

    if (err != OK)
        return err;
    *jwk = written.jwk;
    *kid = written.kid;
    return OK;
}

enum err
jwk_public_short(struct arena *arena, EVP_PKEY *key, enum jws_alg alg, const char **jwk,
                 const char **kid)
{
    struct jwk_written written;
    enum err err = jwk_write(arena, key, alg, JWK_SHORT_KID, &written);

    if (err != OK)
        return err;
    *jwk = written.jwk;
    *kid = written.kid;
    return OK;
}

static bool
is_p256(EVP_PKEY *key)
{
    char group[32];
    size_t size;

    return EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_group_name(key, group, sizeof(group), &size) == 1 &&
           text_eq(group, "prime256v1");
}

/* At least 65537, odd, and short enough that checking a signature stays cheap. */
static bool
exponent_is_sound(EVP_PKEY *key)
{
    BIGNUM *e = NULL;
    bool sound;

    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
        return false;
    sound = BN_is_odd(e) && BN_num_bits(e) >= 17 && BN_num_bits(e) <= 64;
    BN_free(e);
    return sound;
}

static bool
is_strong_rsa(EVP_PKEY *key)
{
    return EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_MIN_BITS &&
           EVP_PKEY_get_bits(key) <= RSA_MAX_BITS && exponent_is_sound(key);
}

bool
key_fits(EVP_PKEY *key, enum jws_alg alg)
{
    switch (alg) {
    case JWS_ES256:
        return is_p256(key);
    case JWS_RS256:
        return is_strong_rsa(key);
    case JWS_EDDSA:
        return EVP_PKEY_is_a(key, "ED25519");
    case JWS_SM2:
        return EVP_PKEY_is_a(key, "SM2");
    case JWS_NONE:
    case JWS_HS256:
        return false;
    }
    return false;
}
