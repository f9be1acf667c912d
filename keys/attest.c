/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/attest.h"

#include <openssl/evp.h>
#include <string.h>

#define SIGNATURE_BYTES 64
#define PUBLIC_BYTES 32

static EVP_PKEY *
key_of(const struct key32 *secret)
{
    return EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, secret->bytes,
                                           sizeof(secret->bytes));
}

enum err
attest_sign(struct arena *arena, const struct key32 *secret, const char *text, const char **out)
{
    unsigned char signature[SIGNATURE_BYTES];
    size_t size = sizeof(signature);
    EVP_PKEY *key = key_of(secret);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool done =
        key != NULL && ctx != NULL &&
        EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
        EVP_DigestSign(ctx, signature, &size, (const unsigned char *)text, strlen(text)) == 1;

    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    if (!done)
        return ERR_INTERNAL;
    *out = base64url_encode(arena, bytes_of(signature, size));
    return OK;
}

enum err
attest_check(struct arena *arena, const struct key32 *secret, const char *text,
             const char *signature)
{
    struct bytes bytes;
    EVP_PKEY *key;
    EVP_MD_CTX *ctx;
    bool holds;

    if (base64url_decode(arena, signature, strlen(signature), &bytes) != OK)
        return ERR_FORGED;
    key = key_of(secret);
    ctx = EVP_MD_CTX_new();
    holds =
        key != NULL && ctx != NULL &&
        EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
        EVP_DigestVerify(ctx, bytes.at, bytes.size, (const unsigned char *)text, strlen(text)) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    return holds ? OK : ERR_FORGED;
}

enum err
attest_public(struct arena *arena, const struct key32 *secret, const char **out)
{
    unsigned char public[PUBLIC_BYTES];
    size_t size = sizeof(public);
    EVP_PKEY *key = key_of(secret);
    bool done = key != NULL && EVP_PKEY_get_raw_public_key(key, public, &size) == 1;

    EVP_PKEY_free(key);
    if (!done)
        return ERR_INTERNAL;
    *out = base64url_encode(arena, bytes_of(public, size));
    return OK;
}
