/* SPDX-License-Identifier: Apache-2.0 */
/* The checking half of jws.h. */
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "keys/jws.h"
#include "keys/p256_form.h"
#include "keys/secret.h"
#include "keys/thread.h"

bool
jws_context_set_up(EVP_PKEY_CTX *ctx, enum jws_alg alg)
{
    if (alg == JWS_RS256 && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1)
        return false;
    return EVP_PKEY_CTX_set_signature_md(ctx, thread_crypto()->sha256) == 1;
}

static bool
digest_signature_holds(EVP_PKEY *key, enum jws_alg alg, struct bytes signature,
                       struct bytes message)
{
    struct digest digest = digest_of(message);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool holds =
        ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 && jws_context_set_up(ctx, alg) &&
        EVP_PKEY_verify(ctx, signature.at, signature.size, digest.bytes, sizeof(digest.bytes)) == 1;

    EVP_PKEY_CTX_free(ctx);
    return holds;
}

/* OpenSSL refuses r and s outside 1..n-1. */
static bool
es256_holds(EVP_PKEY *key, struct bytes signature, struct bytes message)
{
    uint8_t der[P256_DER_MAX];
    size_t size;

    if (signature.size != P256_RAW_SIZE)
        return false;
    size = p256_der_of_raw(signature.at, der);
    return digest_signature_holds(key, JWS_ES256, bytes_of(der, size), message);
}

static bool
rs256_holds(EVP_PKEY *key, struct bytes signature, struct bytes message)
{
    return signature.size == (size_t)EVP_PKEY_get_size(key) &&
           digest_signature_holds(key, JWS_RS256, signature, message);
}

static bool
eddsa_holds(EVP_PKEY *key, struct bytes signature, struct bytes message)
{
    EVP_MD_CTX *ctx;
    bool holds;

    if (signature.size != 64)
        return false;
    ctx = EVP_MD_CTX_new();
    holds = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
            EVP_DigestVerify(ctx, signature.at, signature.size, message.at, message.size) == 1;
    EVP_MD_CTX_free(ctx);
    return holds;
}

static bool
holds(const struct jws *jws, EVP_PKEY *key, enum jws_alg alg)
{
    struct bytes message = bytes_of(jws->signing_input, jws->signing_input_size);

    if (alg == JWS_ES256)
        return es256_holds(key, jws->signature, message);
    if (alg == JWS_RS256)
        return rs256_holds(key, jws->signature, message);
    return eddsa_holds(key, jws->signature, message);
}

enum err
jws_check(const struct jws *jws, EVP_PKEY *key, enum jws_alg alg)
{
    if (jws_alg_of(jws->alg) != alg || !key_fits(key, alg))
        return ERR_FORGED;
    if (holds(jws, key, alg))
        return OK;
    ERR_clear_error();
    return ERR_FORGED;
}
