/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All keys of the house, unwrapped, as one snapshot that is never changed: a rotation makes a new
 * snapshot. The rows come from the store; the key-encryption key (KEK) opens them.
 */
#ifndef KEYS_KEYRING_H
#define KEYS_KEYRING_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/env.h"
#include "keys/jwk.h"
#include "keys/seal.h"
#include "keys/secret.h"

enum key_purpose {
    KEY_SIGN = 1, /* an asymmetric signing key; `alg` says which kind */
    KEY_SEAL,     /* codes, refresh tokens, transactions */
    KEY_DATA,     /* personal data at rest */
    KEY_INDEX,    /* keyed digests for look-up; never rotated in place */
    KEY_PEPPER,   /* passwords */
    KEY_PAIRWISE  /* sub */
};

/* Only signing keys move: ANNOUNCED (in JWKS, not used) -> SIGNING ->
 * VERIFY_ONLY -> GONE (row deleted). */
enum key_state {
    KEY_ANNOUNCED = 1,
    KEY_SIGNING,
    KEY_VERIFY_ONLY,
    KEY_GONE
};

/* A key as the store keeps it. */
struct key_row {
    const char *key_id;
    enum key_purpose purpose;
    const char *alg; /* "ES256" …, "" for symmetric keys */
    enum key_state state;
    int64_t serial; /* of seal and data keys */
    struct bytes wrapped;
    unix_s created_at;
    unix_s next_at; /* when the timer moves it on; 0: never */
};

struct signing_key {
    const char *kid;
    enum jws_alg alg;
    enum key_state state;
    uint64_t serial; /* process-wide, from 1: names it among a thread's signing contexts */
    EVP_PKEY *key;
    const char *jwk;       /* public half */
    const char *short_kid; /* of a key that may sign card codes: ES256, SM2; else "" */
    const char *short_jwk; /* the public half under that name */
};

struct keyring {
    struct arena *arena;
    struct signing_key *signing; /* newest first */
    size_t signing_count;
    struct seal_keys seal;
    struct seal_keys data;
    struct key32 index;
    struct key32 pepper;
    struct key32 pairwise;
    struct key32 csrf; /* derived from the newest seal key */
    /* Of the audit trail, derived from the index key, for that never changes: what is older than any
     * signing key must still be checked. */
    struct key32 audit_record;
    struct key32 audit_checkpoint; /* keys/attest.h */
    struct key32 card_code; /* hides in a card code whose it is; derived from the index key */
    const char *jwks; /* {"keys":[…]}: announced, signing and verify-only ones, RS256 first */
    const char *card_jwks; /* those of ES256 and SM2, under their short names */
    unix_s next_change_at; /* earliest next_at of its rows; 0: none */
};

/*
 * Make a key of the purpose and wrap it (context = key id, purpose and algorithm). The row lives in
 * the arena. A signing key is ANNOUNCED, its id is its thumbprint; any other is SIGNING, which
 * means in use. Serial is 1 and next_at 0: the caller, who knows the other rows, raises them.
 * ERR_UNAVAILABLE when the random source fails, ERR_INVALID for an algorithm that does not sign.
 */
must_check enum err key_row_new(const struct key32 *kek, struct env *env, struct arena *arena,
                                enum key_purpose purpose, enum jws_alg alg, struct key_row *out);

/*
 * A snapshot of all rows. ERR_FORGED when a row does not open under this KEK, ERR_NOT_FOUND when a
 * purpose or a SIGNING key is missing, ERR_CONFLICT when two keys claim one serial or a purpose of
 * one key has two, ERR_INVALID when a serial has over 32 bits; the row is logged. Free with
 * keyring_free() when no thread looks at it any more; a thread that signed with one of its keys
 * holds that key until eight others took its place or the thread ends.
 */
must_check enum err keyring_open(const struct key32 *kek, const struct key_row *rows, size_t count,
                                 struct keyring **out);
void keyring_free(struct keyring *ring);

/* The signing key for the algorithm, or NULL. */
const struct signing_key *keyring_signer(const struct keyring *ring, enum jws_alg alg);
/*
 * The key of that kid in any state but GONE: another node may already sign with a key that is
 * ANNOUNCED here. NULL when there is none.
 */
const struct signing_key *keyring_verifier(const struct keyring *ring, const char *kid);
/* The same of card codes, by its short name. No other verifier is ever a key of SM2. */
const struct signing_key *keyring_code_verifier(const struct keyring *ring, const char *short_kid);
/* True when the ring has a signing key for the algorithm, so that discovery may offer it. */
bool keyring_signs(const struct keyring *ring, enum jws_alg alg);

#endif
