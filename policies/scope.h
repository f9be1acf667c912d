/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scopes we know and what a partner may have of them (RFC 6749, 3.3; OpenID Connect Core 5.4).
 */
#ifndef POLICIES_SCOPE_H
#define POLICIES_SCOPE_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

/* In the order in which discovery shows them; ended by NULL. What they carry: policies/claim.def. A
 * partner may register one that carries nothing, and gets nothing for it. */
extern const char *const all_scopes[];

/* Of a login of staff at a counter (docs/adr/0061): it makes the difference between their tokens and a
 * citizen's, so no citizen's token has it. And all that a staff member's token may have. */
#define SCOPE_STAFF "staff"
#define SCOPES_OF_STAFF "openid profile " SCOPE_STAFF

/* Known words only, at most 32 of them in 1024 bytes. */
bool scope_list_is_known(const char *list);

/* What a partner may have. */
struct scope_bounds {
    const char *registered; /* known words (scope_list_is_known) */
    bool strict;            /* refuse what it may not have, instead of leaving it out */
    bool of_staff;          /* of a staff member; else of a citizen */
};

/* What of its registration it may have of such a subject. */
const char *scope_ceiling(struct arena *arena, const struct scope_bounds *bounds);

/*
 * The scopes asked for, in their order, each once, without those that are unknown (OpenID Connect
 * Core, 3.1.2.1), not registered or not told of such a subject. problem_scope_invalid when none of those asked for is left, when
 * the list has more than 32 words or 1024 bytes, and for the strict. `*granted` lives in the arena;
 * NULL asked gives "".
 */
const struct problem *scope_check(struct arena *arena, const char *asked,
                                  const struct scope_bounds *bounds, const char **granted);

bool scope_has_openid(const char *scope);

#endif
