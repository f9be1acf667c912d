/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/thread.h"

#include <openssl/core_names.h>
#include <pthread.h>
#include <stdlib.h>

#include "idp/base/broken.h"
#include "idp/base/unwind.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_end;
static EVP_MD *sha256;
static EVP_MAC *hmac;
static _Thread_local struct thread_crypto *mine;

void
thread_signer_clear(struct thread_signer *signer)
{
    EVP_PKEY_CTX_free(signer->digest_signer);
    EVP_MD_CTX_free(signer->message_signer);
    *signer = (struct thread_signer) { 0 };
}

static void
thread_crypto_free(void *state)
{
    struct thread_crypto *crypto = state;

    for (size_t i = 0; i < THREAD_SIGNERS; i++)
        thread_signer_clear(&crypto->signers[i]);
    EVP_MD_CTX_free(crypto->digest);
    EVP_MAC_CTX_free(crypto->hmac);
    free(crypto);
    mine = NULL;
}

static void
start(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (sha256 == NULL || hmac == NULL || pthread_key_create(&at_thread_end, thread_crypto_free))
        broken("OpenSSL has SHA-256 and HMAC, and a thread key is left");
}

/* NULL without memory. */
static EVP_MAC_CTX *
hmac_new(void)
{
    char name[] = "SHA256";
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                            OSSL_PARAM_construct_end() };
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(hmac);

    if (ctx != NULL && EVP_MAC_CTX_set_params(ctx, params) == 1)
        return ctx;
    EVP_MAC_CTX_free(ctx);
    return NULL;
}

static struct thread_crypto *
thread_crypto_new(void)
{
    struct thread_crypto *crypto = memory_new(sizeof(*crypto));

    crypto->sha256 = sha256;
    crypto->hmac = hmac_new();
    crypto->digest = EVP_MD_CTX_new();
    if (crypto->hmac != NULL && crypto->digest != NULL &&
        pthread_setspecific(at_thread_end, crypto) == 0)
        return crypto;
    thread_crypto_free(crypto);
    unwind(ERR_UNAVAILABLE);
}

struct thread_crypto *
thread_crypto(void)
{
    if (mine != NULL)
        return mine;
    pthread_once(&once, start);
    mine = thread_crypto_new();
    return mine;
}
