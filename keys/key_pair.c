/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_pair.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "idp/base/unwind.h"

enum err
key_generate(enum jws_alg alg, EVP_PKEY **out)
{
    EVP_PKEY *key = NULL;

    if (alg == JWS_ES256)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    else if (alg == JWS_RS256)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    else if (alg == JWS_EDDSA)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    else if (alg == JWS_SM2)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    else
        return ERR_INVALID;
    *out = key;
    return key != NULL ? OK : ERR_UNAVAILABLE;
}

static void
info_release(void *info)
{
    PKCS8_PRIV_KEY_INFO_free(info);
}

enum err
key_to_der(struct arena *arena, EVP_PKEY *key, struct bytes *out)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    int size = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, NULL) : -1;
    struct held held;

    hold_begin(&held, info_release, info);
    if (size > 0) {
        uint8_t *der = arena_alloc(arena, (size_t)size);
        uint8_t *end = der;

        size = i2d_PKCS8_PRIV_KEY_INFO(info, &end);
        *out = bytes_of(der, (size_t)size);
    }
    hold_release(&held);
    return size > 0 ? OK : ERR_INTERNAL;
}

enum err
key_from_der(struct bytes der, EVP_PKEY **out)
{
    const uint8_t *end = der.at;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &end, (long)der.size);

    if (key != NULL && end == der.at + der.size) {
        *out = key;
        return OK;
    }
    EVP_PKEY_free(key);
    return ERR_INVALID;
}

static void
bio_release(void *bio)
{
    BIO_free(bio);
}

enum err
key_to_public_pem(struct arena *arena, EVP_PKEY *key, const char **out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    enum err err = ERR_INTERNAL;
    struct held held;
    char *pem;

    hold_begin(&held, bio_release, bio);
    if (bio != NULL && PEM_write_bio_PUBKEY(bio, key) == 1) {
        long size = BIO_get_mem_data(bio, &pem);

        *out = arena_copy(arena, pem, (size_t)size);
        err = OK;
    }
    hold_release(&held);
    return err;
}
