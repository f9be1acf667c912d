/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements of the house about itself, signed with Ed25519 (RFC 8032) by a key that is made from a
 * secret of the key ring whenever it is needed, so that it has no row and no end. Whoever has
 * written down its public half can check them without us.
 */
#ifndef KEYS_ATTEST_H
#define KEYS_ATTEST_H

#include "keys/secret.h"

/* The signature as base64url. ERR_INTERNAL. */
must_check enum err attest_sign(struct arena *arena, const struct key32 *secret, const char *text,
                                const char **out);

/* ERR_FORGED when it is no signature of ours over that text. */
must_check enum err attest_check(struct arena *arena, const struct key32 *secret, const char *text,
                                 const char *signature);

/* The public half as base64url. */
must_check enum err attest_public(struct arena *arena, const struct key32 *secret,
                                  const char **out);

#endif
