/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Authenticated encryption: XChaCha20-Poly1305 (libsodium). The nonce has 192 random bits, so
 * nobody has to count how often a key is used. Box layout: suite 1 byte | key serial 4 bytes
 * big-endian | nonce 24 | ciphertext | tag 16.
 */
#ifndef KEYS_SEAL_H
#define KEYS_SEAL_H

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "keys/secret.h"

struct seal_key {
    uint32_t serial; /* names the key inside the box, so that old boxes open after a rotation */
    struct key32 key;
};

/* Keys to open with; the first one seals. */
struct seal_keys {
    const struct seal_key *keys;
    size_t count;
};

/*
 * `context` says what the box is for ("code", "person.name.P123"); it is authenticated, not stored:
 * a box opens only under the context it was sealed for. ERR_UNAVAILABLE when the random source
 * fails. `out` lives in the arena.
 */
must_check enum err seal(const struct seal_keys *keys, struct env *env, struct arena *arena,
                         const char *context, struct bytes plain, struct bytes *out);

/* ERR_FORGED for any box that these keys did not seal under this context,
 * whatever is wrong with it. */
must_check enum err seal_open(const struct seal_keys *keys, struct arena *arena,
                              const char *context, struct bytes box, struct bytes *out);

/*
 * The same as base64url text: for codes, refresh tokens and transactions. A text over 16 KB is
 * ERR_FORGED, and what would make one is refused with ERR_INVALID.
 */
must_check enum err seal_text(const struct seal_keys *keys, struct env *env, struct arena *arena,
                              const char *context, struct bytes plain, const char **out);
must_check enum err seal_text_open(const struct seal_keys *keys, struct arena *arena,
                                   const char *context, const char *text, struct bytes *out);

#endif
