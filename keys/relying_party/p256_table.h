/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ES256 with a key that many signatures are checked with: multiples of its point are computed once,
 * as OpenSSL has them of the generator, and a check then takes a third of the time (docs/adr/0039).
 * Everything here is public, so nothing need be constant in time.
 */
#ifndef KEYS_RELYING_PARTY_P256_TABLE_H
#define KEYS_RELYING_PARTY_P256_TABLE_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "idp/base/bytes.h"
#include "keys/p256_form.h"

struct p256_table;

/* NULL when it cannot be made: check without one. About 150 KB. Shared by threads. */
struct p256_table *p256_table_new(EVP_PKEY *key);
void p256_table_free(struct p256_table *table);

/* What a check by table says. */
enum p256_verdict {
    P256_UNSURE, /* no memory or a number that does not come out: check without a table */
    P256_REFUSED,
    P256_HOLDS
};

/* `digest` is SHA-256 of what was signed, `signature` r and s (RFC 7518, 3.4). */
enum p256_verdict p256_table_check(const struct p256_table *table, const struct digest *digest,
                                   const uint8_t signature[static P256_RAW_SIZE]);

#endif
