/* SPDX-License-Identifier: Apache-2.0 */
/* Hashing and comparing secrets. The only file that calls a constant-time primitive. */
#ifndef KEYS_SECRET_H
#define KEYS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/bytes.h"
#include "idp/base/env.h"

/* A symmetric key. */
struct key32 {
    uint8_t bytes[32];
};

/* SHA-256, with the algorithm fetched once per process. */
struct digest digest_of(struct bytes in);
struct digest digest_of_text(const char *text);

/* HMAC-SHA256. Same input and key, same digest: for look-up columns, binders and CSRF tokens. */
struct digest digest_keyed(const struct key32 *key, struct bytes in);
/* The same over several texts, each preceded by its length so that no two lists
 * collide. NULL ends the list. */
struct digest digest_keyed_texts(const struct key32 *key, const char *first, ...)
    __attribute__((sentinel));

/* HKDF-SHA256 (RFC 5869) without salt: an independent key for each `purpose`. */
struct key32 key_derive(const struct key32 *key, const char *purpose);

/* Compares in constant time. */
bool digest_eq(const struct digest *a, const struct digest *b);

struct bytes digest_view(const struct digest *digest);
void secret_wipe(void *secret, size_t size);

#endif
