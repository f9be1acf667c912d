/* SPDX-License-Identifier: Apache-2.0 */
/* The checking half of jws.h. */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "keys/jws.h"
#include "keys/p256_form.h"
#include "keys/secret.h"
#include "keys/thread.h"

const OSSL_PARAM *
sm2_signer_params(void)
{
    static char name[] = SM2_SIGNER;
    static const OSSL_PARAM params[] = {
        OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_DIST_ID, name, sizeof(name) - 1),
        OSSL_PARAM_END,
    };

    return params;
}

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

/* `digest` NULL: the algorithm has its own. */
static bool
message_signature_holds(EVP_PKEY *key, const char *digest, struct bytes signature,
                        struct bytes message)
{
    const OSSL_PARAM *params = digest != NULL ? sm2_signer_params() : NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool holds = ctx != NULL &&
                 EVP_DigestVerifyInit_ex(ctx, NULL, digest, NULL, NULL, key, params) == 1 &&
                 EVP_DigestVerify(ctx, signature.at, signature.size, message.at, message.size) == 1;

    EVP_MD_CTX_free(ctx);
    return holds;
}

static bool
eddsa_holds(EVP_PKEY *key, struct bytes signature, struct bytes message)
{
    return signature.size == 64 && message_signature_holds(key, NULL, signature, message);
}

static bool
sm2_holds(EVP_PKEY *key, struct bytes signature, struct bytes message)
{
    uint8_t der[P256_DER_MAX];
    size_t size;

    if (signature.size != P256_RAW_SIZE)
        return false;
    size = p256_der_of_raw(signature.at, der);
    return message_signature_holds(key, "SM3", bytes_of(der, size), message);
}

static bool
holds(const struct jws *jws, EVP_PKEY *key, enum jws_alg alg)
{
    struct bytes message = bytes_of(jws->signing_input, jws->signing_input_size);

    if (alg == JWS_ES256)
        return es256_holds(key, jws->signature, message);
    if (alg == JWS_RS256)
        return rs256_holds(key, jws->signature, message);
    if (alg == JWS_SM2)
        return sm2_holds(key, jws->signature, message);
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
