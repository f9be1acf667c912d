/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_token.h"

#include <jwt.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <string.h>

#include "idp/base/bytes.h"
#include "idp/base/text.h"

#define TOKEN_MAX_BYTES 16384
#define COORDINATE_BYTES 32
#define CLOCKS_APART_S 60
#define LOGOUT_EVENT "http://schemas.openid.net/event/backchannel-logout"

/* Taken apart, nothing believed yet. */
struct token {
    const char *text;
    size_t signed_size; /* header.payload */
    json_t *header;
    json_t *claims;
    struct bytes signature;
};

const char *
claim_string(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

static json_t *
segment_object(struct arena *arena, const char *at, size_t size)
{
    struct bytes bytes;

    if (size == 0 || base64url_decode(arena, at, size, &bytes) != OK)
        return NULL;
    return json_loadb((const char *)bytes.at, bytes.size, JSON_REJECT_DUPLICATES, NULL);
}

static void
token_free(struct token *token)
{
    json_decref(token->header);
    json_decref(token->claims);
}

/* libjwt reads tokens loosely, so the strict reading comes first. */
static bool
token_read(struct arena *arena, const char *text, struct token *out)
{
    size_t head = strcspn(text, ".");
    const char *body = text + head + (text[head] == '.');
    size_t body_size = strcspn(body, ".");
    const char *end = body + body_size + (body[body_size] == '.');

    *out = (struct token) { .text = text, .signed_size = (size_t)(body + body_size - text) };
    if (strlen(text) > TOKEN_MAX_BYTES || *end == '\0' ||
        base64url_decode(arena, end, strlen(end), &out->signature) != OK)
        return false;
    out->header = segment_object(arena, text, head);
    out->claims = segment_object(arena, body, body_size);
    return json_is_object(out->header) && json_is_object(out->claims) &&
           text_eq(claim_string(out->header, "alg"), "ES256") &&
           json_object_get(out->header, "crit") == NULL;
}

static bool
coordinate_read(struct arena *arena, const json_t *jwk, const char *name, uint8_t *out)
{
    const char *text = claim_string(jwk, name);
    struct bytes bytes;

    if (base64url_decode(arena, text, strlen(text), &bytes) != OK || bytes.size != COORDINATE_BYTES)
        return false;
    memcpy(out, bytes.at, bytes.size);
    return true;
}

static EVP_PKEY *
p256_key(struct arena *arena, const json_t *jwk)
{
    uint8_t point[1 + 2 * COORDINATE_BYTES] = { POINT_CONVERSION_UNCOMPRESSED };
    char group[] = "P-256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *making = NULL;
    EVP_PKEY *key = NULL;

    if (!text_eq(claim_string(jwk, "crv"), group) || !coordinate_read(arena, jwk, "x", point + 1) ||
        !coordinate_read(arena, jwk, "y", point + 1 + COORDINATE_BYTES))
        return NULL;
    making = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (making != NULL && EVP_PKEY_fromdata_init(making) == 1)
        EVP_PKEY_fromdata(making, &key, EVP_PKEY_PUBLIC_KEY, params);
    EVP_PKEY_CTX_free(making);
    return key;
}

/* The issuer's key that the token names, for ES256; NULL when there is none. */
static EVP_PKEY *
key_find(struct arena *arena, const json_t *jwks, const char *kid)
{
    const json_t *keys = json_object_get(jwks, "keys");

    for (size_t i = 0; i < json_array_size(keys); i++) {
        const json_t *jwk = json_array_get(keys, i);

        if (text_eq(claim_string(jwk, "kid"), kid) && text_eq(claim_string(jwk, "alg"), "ES256"))
            return p256_key(arena, jwk);
    }
    return NULL;
}

static bool
libjwt_accepts(const struct token *token, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    jwt_t *jwt = NULL;
    unsigned char *pem = NULL;
    bool accepted = false;

    if (bio != NULL && PEM_write_bio_PUBKEY(bio, key) == 1) {
        int size = (int)BIO_get_mem_data(bio, &pem);

        accepted =
            jwt_decode(&jwt, token->text, pem, size) == 0 && jwt_get_alg(jwt) == JWT_ALG_ES256;
    }
    jwt_free(jwt);
    BIO_free(bio);
    return accepted;
}

/* JOSE writes r and s side by side; OpenSSL wants them as DER. */
static int
signature_to_der(struct bytes signature, unsigned char **out)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature.at, COORDINATE_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(signature.at + COORDINATE_BYTES, COORDINATE_BYTES, NULL);
    int size = -1;

    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        size = i2d_ECDSA_SIG(pair, out);
        r = s = NULL; /* the pair owns them now */
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return size;
}

static bool
openssl_accepts(const struct token *token, EVP_PKEY *key)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    unsigned char *der = NULL;
    bool accepted = false;

    if (digest != NULL && token->signature.size == 2 * COORDINATE_BYTES) {
        int size = signature_to_der(token->signature, &der);

        accepted = size > 0 && EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key) == 1 &&
                   EVP_DigestVerify(digest, der, (size_t)size, (const unsigned char *)token->text,
                                    token->signed_size) == 1;
    }
    OPENSSL_free(der);
    EVP_MD_CTX_free(digest);
    return accepted;
}

static bool
is_signed(struct arena *arena, const struct token *token, const json_t *jwks,
          bool (*accepts)(const struct token *token, EVP_PKEY *key))
{
    EVP_PKEY *key = key_find(arena, jwks, claim_string(token->header, "kid"));
    bool good = key != NULL && accepts(token, key);

    EVP_PKEY_free(key);
    return good;
}

/* One audience, ourselves: we have no reason to trust another (Core 3.1.3.7, 3). */
static bool
is_for_us(const json_t *claims, const char *client_id)
{
    const json_t *audience = json_object_get(claims, "aud");

    if (json_is_array(audience) && json_array_size(audience) == 1)
        audience = json_array_get(audience, 0);
    return text_eq(json_string_value(audience), client_id);
}

static bool
is_in_time(const json_t *claims, unix_s now)
{
    const json_t *expiry = json_object_get(claims, "exp");
    const json_t *issued = json_object_get(claims, "iat");

    return json_is_integer(expiry) && json_integer_value(expiry) > now - CLOCKS_APART_S &&
           json_is_integer(issued) && json_integer_value(issued) < now + CLOCKS_APART_S;
}

static bool
claims_fit(const json_t *claims, const struct expected *expected)
{
    return text_eq(claim_string(claims, "iss"), expected->issuer) &&
           is_for_us(claims, expected->client_id) && is_in_time(claims, expected->now);
}

static json_t *
claims_if(bool good, struct token *token)
{
    json_t *claims = good ? json_incref(token->claims) : NULL;

    token_free(token);
    return claims;
}

json_t *
id_token_claims(struct arena *arena, const char *token, const struct expected *expected,
                const char *nonce)
{
    struct token read;
    bool good = token_read(arena, token, &read) &&
                is_signed(arena, &read, expected->jwks, libjwt_accepts) &&
                claims_fit(read.claims, expected) &&
                text_eq(claim_string(read.claims, "nonce"), nonce) &&
                *claim_string(read.claims, "sub") != '\0';

    return claims_if(good, &read);
}

json_t *
logout_token_claims(struct arena *arena, const char *token, const struct expected *expected)
{
    struct token read;
    bool good =
        token_read(arena, token, &read) &&
        text_eq(claim_string(read.header, "typ"), "logout+jwt") &&
        is_signed(arena, &read, expected->jwks, openssl_accepts) &&
        claims_fit(read.claims, expected) && json_object_get(read.claims, "nonce") == NULL &&
        json_is_object(json_object_get(json_object_get(read.claims, "events"), LOGOUT_EVENT)) &&
        *claim_string(read.claims, "sid") != '\0';

    return claims_if(good, &read);
}
