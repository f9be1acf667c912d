/* SPDX-License-Identifier: Apache-2.0 */
/* The issuer's public keys: fetched when needed, kept while they are good, shared by all threads. */
#ifndef KEYS_RELYING_PARTY_KEY_CACHE_H
#define KEYS_RELYING_PARTY_KEY_CACHE_H

#include <openssl/evp.h>

#include "idp/base/env.h"
#include "keys/jwk.h"
#include "keys/relying_party/p256_table.h"
#include "keys/relying_party/tongxing_rp.h"

struct issuer_key {
    EVP_PKEY *key;
    enum jws_alg alg;
    const char *kid;
    struct p256_table *table; /* NULL: none could be made */
};

/* One set as it was published; counted, never changed. */
struct issuer_keys;

/* By name and algorithm; NULL when there is none. */
const struct issuer_key *issuer_keys_find(const struct issuer_keys *keys, const char *kid,
                                          enum jws_alg alg);
void issuer_keys_release(void *held);

struct key_cache;

/* What it reads of the config must live as long. NULL without memory. */
struct key_cache *key_cache_new(const struct tongxing_rp_config *config);
void key_cache_free(struct key_cache *cache);

/*
 * Fetches when the set is due, and with `unknown` (a token names a key that is not in it) also when
 * it is not; never within retry_s of the last try. *lost says whether a key of before is gone: what
 * was believed because of it must be forgotten. A fetch that fails, or brings no usable key, changes
 * nothing.
 */
void key_cache_renew(struct key_cache *cache, unix_s now, bool unknown, bool *lost);

/* The set in use, to be released. TONGXING_RP_KEYS_UNREACHABLE when there is none or it is older
 * than keep_s. */
enum tongxing_rp_result key_cache_take(struct key_cache *cache, unix_s now,
                                       struct issuer_keys **out);

#endif
