/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which claims a partner asks for, and what it may have of them (OpenID Connect Core 5.5; OpenID
 * Identity Assurance 1.0, 6; docs/adr/0030).
 */
#ifndef POLICIES_CLAIMS_H
#define POLICIES_CLAIMS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

#define CLAIMS_WANTED_MAX 32
/* Of `value` and `values` of one claim, and of verified_claims in one array. */
#define CLAIM_VALUES_MAX 8

struct claim_wanted {
    const char *name;
    const json_t *wish; /* null, or an object of essential, value, values; of verified_claims: an
                           object or an array of them (policies/detail.h) */
};

/* One side of the request: what is wanted at userinfo or in the ID token. */
struct claims_wanted {
    struct claim_wanted list[CLAIMS_WANTED_MAX];
    size_t count;
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

/* NULL when this side does not ask for the claim. */
const json_t *claim_wish(const struct claims_wanted *side, const char *claim);

/* Bit i: this side asks for claim i of policies/claim_rule.h. */
unsigned claims_wished(const struct claims_wanted *side);

/*
 * `scope`, granted, with what the request adds to it (policies/claim_rule.h): claims below the
 * scopes that the partner has not asked for, but is `registered` with. Those within verified_claims
 * count as asked for.
 */
const char *claims_granted(struct arena *arena, const struct claims_request *request,
                           const char *registered, const char *scope);

/* Does the request ask for a sub, and not for this one (Core, 5.5.1)? */
bool claims_want_another(const struct claims_request *request, const char *sub);

#endif
