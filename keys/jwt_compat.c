/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libjwt lets through is stopped before it: loose base64url, empty segments, crit, duplicate
 * members, an alg other than the key's, keys of the wrong kind, curve or strength, absent keys.
 */
#include "keys/jwt_compat.h"

#include <jwt.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "keys/jws.h"

#define SECRET_MIN_BYTES 32
#define KEY_MAX_BYTES 16384

static jwt_alg_t
libjwt_alg(enum jws_alg alg)
{
    switch (alg) {
    case JWS_HS256:
        return JWT_ALG_HS256;
    case JWS_RS256:
        return JWT_ALG_RS256;
    case JWS_ES256:
        return JWT_ALG_ES256;
    case JWS_NONE:
    case JWS_EDDSA:
    case JWS_SM2:
        return JWT_ALG_NONE;
    }
    return JWT_ALG_NONE;
}

static bool
pem_fits(struct bytes pem, enum jws_alg alg)
{
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.size);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    bool fits = key != NULL && key_fits(key, alg);

    EVP_PKEY_free(key);
    BIO_free(bio);
    ERR_clear_error();
    return fits;
}

static bool
key_is_usable(struct bytes key, enum jws_alg alg)
{
    if (key.size > KEY_MAX_BYTES)
        return false;
    if (alg == JWS_HS256)
        return key.size >= SECRET_MIN_BYTES;
    return pem_fits(key, alg);
}

static bool
libjwt_accepts(const char *token, enum jws_alg alg, struct bytes key)
{
    jwt_t *jwt = NULL;
    bool accepted =
        jwt_decode(&jwt, token, key.at, (int)key.size) == 0 && jwt_get_alg(jwt) == libjwt_alg(alg);

    jwt_free(jwt);
    ERR_clear_error();
    return accepted;
}

enum err
jwt_compat_verify(struct arena *arena, const char *token, enum jws_alg alg, struct bytes key,
                  const char **claims)
{
    struct jws jws;

    if (jws_read(arena, token, &jws) != OK)
        return ERR_INVALID;
    if (!text_is_empty(jws.typ) && !text_eq(jws.typ, "JWT"))
        return ERR_INVALID;
    if (libjwt_alg(alg) == JWT_ALG_NONE || jws_alg_of(jws.alg) != alg)
        return ERR_FORGED;
    if (!key_is_usable(key, alg) || !json_is_object(json_read(arena, jws.payload)) ||
        !libjwt_accepts(token, alg, key))
        return ERR_FORGED;
    *claims = arena_copy(arena, jws.payload.at, jws.payload.size);
    return OK;
}
