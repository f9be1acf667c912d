/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The address under which everybody knows us (OpenID Connect Discovery 1.0, 3; RFC 8414, 2). Others
 * compare it byte for byte, and browsers what follows from it, so it has one spelling or is refused.
 */
#ifndef IDP_SERVER_CONFIG_ISSUER_H
#define IDP_SERVER_CONFIG_ISSUER_H

#include "idp/base/arena.h"
#include "idp/base/settings.h"

/* NULL, or a sentence that says what is wrong with it. */
const char *issuer_check(const char *issuer);

/* What to write instead of one that is wrong. */
const char *issuer_advice(const char *issuer);

/* The same of another address of ours, in the words of its setting, which has no path. In the arena. */
const char *origin_problem(struct arena *arena, const char *name, const char *text);

/* Of one that is right: is its host this machine, by name or address? */
bool origin_is_loopback(const char *origin);

/* Does `address`, perhaps with a path, stand at that origin? Both are right. */
bool origin_is_same(const char *origin, const char *address);

/* What follows from settings->server.issuer, whether it is right or not: issuer_is_https and
 * issuer_path, which points into it. */
void issuer_apply(struct settings *settings);

#endif
