/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <string.h>

#include "idp/base/unwind.h"
#include "keys/thread.h"

/* Hashing fails for want of memory only; no answer is better than a wrong digest. */
static void
insist(int done)
{
    if (done != 1)
        unwind(ERR_UNAVAILABLE);
}

struct digest
digest_of(struct bytes in)
{
    struct thread_crypto *crypto = thread_crypto();
    struct digest digest;

    insist(EVP_DigestInit_ex2(crypto->digest, crypto->sha256, NULL));
    insist(EVP_DigestUpdate(crypto->digest, in.at, in.size));
    insist(EVP_DigestFinal_ex(crypto->digest, digest.bytes, NULL));
    return digest;
}

struct digest
digest_of_text(const char *text)
{
    return digest_of(bytes_of_text(text));
}

static EVP_MAC_CTX *
hmac_begin(const struct key32 *key)
{
    EVP_MAC_CTX *ctx = thread_crypto()->hmac;

    insist(EVP_MAC_init(ctx, key->bytes, sizeof(key->bytes), NULL));
    return ctx;
}

static struct digest
hmac_end(EVP_MAC_CTX *ctx)
{
    struct digest digest;
    size_t size;

    insist(EVP_MAC_final(ctx, digest.bytes, &size, sizeof(digest.bytes)));
    return digest;
}

struct digest
digest_keyed(const struct key32 *key, struct bytes in)
{
    EVP_MAC_CTX *ctx = hmac_begin(key);

    insist(EVP_MAC_update(ctx, in.at, in.size));
    return hmac_end(ctx);
}

static void
hmac_add_text(EVP_MAC_CTX *ctx, const char *text)
{
    size_t size = strlen(text);
    uint8_t prefix[8];

    for (size_t i = 0; i < sizeof(prefix); i++)
        prefix[i] = (uint8_t)((uint64_t)size >> (56 - 8 * i));
    insist(EVP_MAC_update(ctx, prefix, sizeof(prefix)));
    insist(EVP_MAC_update(ctx, (const uint8_t *)text, size));
}

struct digest
digest_keyed_texts(const struct key32 *key, const char *first, ...)
{
    EVP_MAC_CTX *ctx = hmac_begin(key);
    va_list texts;

    va_start(texts, first);
    for (const char *text = first; text != NULL; text = va_arg(texts, const char *))
        hmac_add_text(ctx, text);
    va_end(texts);
    return hmac_end(ctx);
}

/* One block of output is all we need, so expanding is one HMAC over purpose and the counter 1. */
struct key32
key_derive(const struct key32 *key, const char *purpose)
{
    static const struct key32 no_salt;
    static const uint8_t counter = 1;
    struct digest extracted = digest_keyed(&no_salt, bytes_of(key->bytes, sizeof(key->bytes)));
    struct digest expanded;
    struct key32 pseudo_random;
    struct key32 derived;
    EVP_MAC_CTX *ctx;

    memcpy(pseudo_random.bytes, extracted.bytes, sizeof(pseudo_random.bytes));
    ctx = hmac_begin(&pseudo_random);
    insist(EVP_MAC_update(ctx, (const uint8_t *)purpose, strlen(purpose)));
    insist(EVP_MAC_update(ctx, &counter, sizeof(counter)));
    expanded = hmac_end(ctx);
    memcpy(derived.bytes, expanded.bytes, sizeof(derived.bytes));
    secret_wipe(&extracted, sizeof(extracted));
    secret_wipe(&pseudo_random, sizeof(pseudo_random));
    secret_wipe(&expanded, sizeof(expanded));
    return derived;
}

bool
digest_eq(const struct digest *a, const struct digest *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

struct bytes
digest_view(const struct digest *digest)
{
    return bytes_of(digest->bytes, sizeof(digest->bytes));
}

void
secret_wipe(void *secret, size_t size)
{
    explicit_bzero(secret, size);
}
