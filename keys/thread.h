/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL contexts of the running thread, so that hashing and signing share no lock and touch no
 * heap. Made at first use, freed when the thread ends.
 */
#ifndef KEYS_THREAD_H
#define KEYS_THREAD_H

#include <openssl/evp.h>
#include <stdint.h>

#define THREAD_SIGNERS 8

/* Ready to sign with one key; it holds a reference to the key. Serial 0: free. */
struct thread_signer {
    uint64_t serial;
    EVP_PKEY_CTX *digest_signer; /* takes a SHA-256 digest: ES256, RS256 */
    EVP_MD_CTX *message_signer;  /* takes the message: EdDSA, SM2 */
};

struct thread_crypto {
    EVP_MD *sha256; /* of the process */
    EVP_MD_CTX *digest;
    EVP_MAC_CTX *hmac; /* HMAC-SHA256, to be given a key */
    struct thread_signer signers[THREAD_SIGNERS];
    unsigned next; /* the signer to be replaced next */
};

/* Never NULL: a machine without SHA-256 or memory stops here. */
struct thread_crypto *thread_crypto(void) __attribute__((returns_nonnull));

void thread_signer_clear(struct thread_signer *signer);

#endif
