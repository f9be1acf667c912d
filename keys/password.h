/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Argon2id (libsodium: 19 MiB, t = 2, p = 1) over an HMAC of the password with the pepper, behind a
 * gate: as many hashing threads as cores, at lowered priority, and a short queue. Full queue:
 * ERR_BUSY at once, never seconds of waiting.
 */
#ifndef KEYS_PASSWORD_H
#define KEYS_PASSWORD_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"
#include "keys/secret.h"

struct password_gate;

/* Starts `slots` threads (0: one per core) with room for `queue` waiting callers. */
must_check enum err password_gate_new(unsigned slots, unsigned queue, struct password_gate **out);
/* For tests: minimal cost, so that a suite is not spent hashing. Not reachable from configuration.
 */
must_check enum err password_gate_new_cheap(struct password_gate **out);
void password_gate_free(struct password_gate *gate);

/* A PHC string for the store ("$argon2id$v=19$m=19456,t=2,p=1$…"). Blocks until hashed. ERR_BUSY,
 * ERR_INTERNAL. */
must_check enum err password_hash(struct password_gate *gate, struct arena *arena,
                                  const struct key32 *pepper, const char *password,
                                  const char **out);

/*
 * OK when the password fits the PHC string, ERR_FORGED when not, ERR_BUSY when the gate is full.
 * `phc` NULL (unknown person) costs the same and is ERR_FORGED.
 */
must_check enum err password_verify(struct password_gate *gate, const struct key32 *pepper,
                                    const char *phc, const char *password);

/* True when the PHC string was made with other parameters than new ones are. */
bool password_needs_rehash(const char *phc);

#endif
