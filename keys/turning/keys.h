/* SPDX-License-Identifier: Apache-2.0 */
/* The key ring between store and memory: first keys, rotation by command and by timer, and
 * the snapshot requests use. */
#ifndef KEYS_TURNING_KEYS_H
#define KEYS_TURNING_KEYS_H

#include <stdbool.h>

#include "idp/context/ctx.h"
#include "idp/tables/key.h"

/*
 * Make what is missing: sealing, data, index, pepper and pairwise keys, and a signing key for each
 * algorithm we offer. Nothing that exists is touched. *made counts new keys.
 */
must_check enum err keys_ensure(struct ctx *ctx, const struct key32 *kek, int64_t *made);

/* Is anything signed by it, as the settings are? */
bool keys_want(const struct ctx *ctx, enum jws_alg alg);

/* Has the key ring what signs by the present settings? Where card codes shall be signed by another
 * algorithm than before, keys_ensure() makes its first key. */
bool keys_suffice(const struct ctx *ctx);

/*
 * Announce a new signing key for the algorithm: it is in the JWKS at once, signs after
 * keys.announce_s, and the one it follows then only verifies until the last token made with it has
 * expired.
 */
must_check enum err keys_rotate(struct ctx *ctx, const struct key32 *kek, enum jws_alg alg,
                                const char **key_id);

/* A running service moves such a key: by then all nodes have heard of it. */
#define KEYS_HEARD_S 3

/*
 * The same, but the successor signs as soon as all nodes have heard of it: in KEYS_HEARD_S. One that
 * is announced already is taken. Partners that have cached the JWKS meet a kid they do not know.
 */
must_check enum err keys_rotate_now(struct ctx *ctx, const struct key32 *kek, enum jws_alg alg,
                                    const char **key_id);

/* A row as it is stored. */
struct stored_key key_row_stored(const struct key_row *row);

struct key_retiring {
    struct stored_key key; /* as it was */
    const char *successor; /* the key that signs in its place at once; NULL: it did not sign */
};

/* What keys_retire() would do; the successor is "" when it is still to be made. Errors as there. */
must_check enum err keys_retire_plan(struct ctx *ctx, const char *key_id, struct key_retiring *out);

/*
 * A signing key that has leaked is gone: no node has it in its JWKS nor takes what it signed, once it
 * has heard; this one hears with keys_load(). ERR_NOT_FOUND: there is no such key. ERR_INVALID: it
 * does not sign; out->key is it.
 */
must_check enum err keys_retire(struct ctx *ctx, const struct key32 *kek, const char *key_id,
                                struct key_retiring *out);

/*
 * Moves every key whose time has come to its next state. *moved: some key was moved. All nodes may
 * run it at once.
 */
must_check enum err keys_turn(struct ctx *ctx, const struct key32 *kek, bool *moved);

/* Read all rows into a new snapshot and put it in place of the old one (services->keys). */
must_check enum err keys_load(struct ctx *ctx, const struct key32 *kek);

/* How an operator is told of them. */
const char *key_purpose_name(const struct stored_key *key);
const char *key_state_name(const struct stored_key *key);

#endif
