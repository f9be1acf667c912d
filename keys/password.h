/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Argon2id (libsodium) over an HMAC of the password, in one form for every keyboard
 * (idp/base/opaque.h), with the pepper. Each call computes for some 15
 * ms and takes 19 MiB: how many run at one time is for the caller to bound (idp/context/ask.h).
 */
#ifndef KEYS_PASSWORD_H
#define KEYS_PASSWORD_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"
#include "keys/secret.h"

struct password_cost {
    unsigned long long operations;
    size_t memory_bytes;
};

/* What the service uses: 19 MiB, t = 2, p = 1. */
extern const struct password_cost password_cost;

/* A PHC string for the store ("$argon2id$v=19$m=19456,t=2,p=1$…"). ERR_UNAVAILABLE: no memory. */
must_check enum err password_hash(const struct password_cost *cost, struct arena *arena,
                                  const struct key32 *pepper, const char *password,
                                  const char **out);

/*
 * OK when the password fits the PHC string, in that form or as typed, ERR_FORGED when not, ERR_UNAVAILABLE when there was no
 * memory to find out. `phc` NULL (unknown person) costs the same and is ERR_FORGED.
 */
must_check enum err password_verify(const struct password_cost *cost, const struct key32 *pepper,
                                    const char *phc, const char *password);

/* True when the PHC string was made at another cost than new ones are. */
bool password_needs_rehash(const struct password_cost *cost, const char *phc);

#endif
