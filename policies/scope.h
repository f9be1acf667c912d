/* SPDX-License-Identifier: Apache-2.0 */
/* The scopes we know and what a partner may have of them (RFC 6749, 3.3; OpenID Connect Core 5.4).
 */
#ifndef POLICIES_SCOPE_H
#define POLICIES_SCOPE_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

struct scope {
    const char *name;
    const char *claims; /* what it releases, space-separated */
};

/* In the order in which pages and discovery show them; ended by a NULL name. */
extern const struct scope all_scopes[];

/* NULL when unknown. */
const struct scope *scope_find(const char *name);

/* The scopes asked for, in their order, each once. problem_scope_invalid when one of them is
 * unknown or not registered, or when there are more than 32 words or 1024 bytes. `*granted` lives
 * in the arena; NULL asked gives "".
 */
const struct problem *scope_check(struct arena *arena, const char *asked, const char *registered,
                                  const char **granted);

bool scope_has_openid(const char *scope);

#endif
