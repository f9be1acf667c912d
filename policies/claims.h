/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which claims a partner asks for and may have (OpenID Connect Core 5.4 and 5.5; OpenID Identity
 * Assurance).
 */
#ifndef POLICIES_CLAIMS_H
#define POLICIES_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

#define CLAIMS_WANTED_MAX 32
#define CLAIM_VALUES_MAX 8

struct claim_wanted {
    const char *name;
    bool essential;
    const char *
        values[CLAIM_VALUES_MAX]; /* texts only: a number or boolean asked for constrains nothing */
    size_t value_count;
};

/* One side of the request: what is wanted at userinfo or in the ID token. */
struct claims_wanted {
    struct claim_wanted list[CLAIMS_WANTED_MAX]; /* verified_claims is not among them */
    size_t count;
    const char
        *verified_claims; /* the element's JSON text, nulls kept; NULL: not wanted on this side */
};

struct claims_request {
    struct claims_wanted userinfo;
    struct claims_wanted id_token;
    const char *acr_values; /* space-separated, from id_token.acr; "" when none */
    bool acr_essential;
};

/*
 * Reads the `claims` parameter: an object of at most 4096 bytes that json_read() takes, with at most
 * 32 claims a side and 8 values each. problem_claims_invalid otherwise. Members and claims that we
 * do not know are passed over (5.5). All of `out` lives in the arena; the function zeroes it first,
 * so after a refusal it asks for nothing.
 */
const struct problem *claims_request_parse(struct arena *arena, const char *json,
                                           struct claims_request *out);

/*
 * True when one of the granted scopes covers the claim. Without that no partner gets it, whichever
 * way the partner asked for it.
 */
bool claim_allowed(const char *claim, const char *granted_scope);

/* NULL when this side does not ask for the claim. */
const struct claim_wanted *claim_wanted_find(const struct claims_wanted *side, const char *claim);

#endif
