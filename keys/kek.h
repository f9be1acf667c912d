/* SPDX-License-Identifier: Apache-2.0 */
/* The key-encryption key (KEK), which opens all others, and the file that holds it. */
#ifndef KEYS_KEK_H
#define KEYS_KEK_H

#include "idp/base/env.h"
#include "idp/base/err.h"
#include "keys/secret.h"

/* The KEK from a file of 64 hex digits, mode 0600 or stricter and ours. ERR_INVALID names
 * nothing but the reason logged. */
must_check enum err kek_read(const char *path, struct key32 *out);
/* The same without a word in the log: NULL, or why not ("open to group or others", or the name of an
 * error such as ENOENT). */
const char *kek_open(const char *path, struct key32 *out);
/* A new KEK file, 0600; ERR_CONFLICT if the file exists, ERR_UNAVAILABLE if it or the
 * randomness cannot be had. */
must_check enum err kek_create(struct env *env, const char *path);

#endif
