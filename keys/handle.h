/* SPDX-License-Identifier: Apache-2.0 */
/* Random names: unguessable handles (session cookies, client secrets) and ids. */
#ifndef KEYS_HANDLE_H
#define KEYS_HANDLE_H

#include "idp/base/arena.h"
#include "idp/base/env.h"
#include "keys/secret.h"

/* 256 random bits as 43 base64url characters. Only its digest is ever stored. */
must_check enum err handle_new(struct env *env, struct arena *arena, const char **out);

/* An id of ours: a prefix and 128 random bits as 22 base64url characters,
 * e.g. "g_…". Not a secret. */
must_check enum err id_new(struct env *env, struct arena *arena, const char *prefix,
                           const char **out);

/* `count` random decimal digits, uniform: SMS codes. */
must_check enum err digits_new(struct env *env, struct arena *arena, size_t count,
                               const char **out);

/* The same of the characters of `alphabet`: codes that a person types. */
must_check enum err letters_new(struct env *env, struct arena *arena, const char *alphabet,
                                size_t count, const char **out);

#endif
