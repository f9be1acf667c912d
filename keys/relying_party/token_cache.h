/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens whose signature held, found again by the digest of all their bytes. Bounded; shared by threads. */
#ifndef KEYS_RELYING_PARTY_TOKEN_CACHE_H
#define KEYS_RELYING_PARTY_TOKEN_CACHE_H

#include "keys/relying_party/checked_token.h"

struct token_cache;

/* Room for `count` tokens or a few more. NULL without memory. */
struct token_cache *token_cache_new(size_t count);
void token_cache_free(struct token_cache *cache);

/* One more holder of it; NULL when it is not there. */
struct tongxing_rp_token *token_cache_find(struct token_cache *cache, const struct digest *digest);

/* Counts what was forgotten: to be read before a signature is checked. */
unsigned token_cache_age(struct token_cache *cache);

/*
 * Holds the token until its place is wanted: one that has ended, or else the one that ends first,
 * goes. Does nothing when all were forgotten since `age`: the key may be among those that are gone.
 */
void token_cache_put(struct token_cache *cache, const struct digest *digest, unsigned age,
                     struct tongxing_rp_token *token);

/* Forgets all of them. */
void token_cache_clear(struct token_cache *cache);

#endif
