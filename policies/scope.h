/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scopes we know and what a partner may have of them (RFC 6749, 3.3; OpenID Connect Core 5.4).
 */
#ifndef POLICIES_SCOPE_H
#define POLICIES_SCOPE_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

struct scope {
    const char *name;
    const char *claims; /* what it releases, space-separated */
    bool held;          /* do we hold such claims? If not, a partner may ask and gets nothing */
};

/* In the order in which pages and discovery show them; ended by a NULL name. */
extern const struct scope all_scopes[];

/* NULL when unknown. */
const struct scope *scope_find(const char *name);

/* Known words only, at most 32 of them in 1024 bytes. */
bool scope_list_is_known(const char *list);

/*
 * The scopes asked for, in their order, each once. problem_scope_invalid when one of them is not
 * registered or the list is not known (above). `*granted` lives in the arena; NULL asked gives "".
 */
const struct problem *scope_check(struct arena *arena, const char *asked, const char *registered,
                                  const char **granted);

bool scope_has_openid(const char *scope);

#endif
