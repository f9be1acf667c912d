/* SPDX-License-Identifier: Apache-2.0 */
/* The grant of an acting: of the citizen, in the sitting of who acts, without a refresh token. acting.c and acting_exchange.c. */
#ifndef IDP_STAFF_ACTING_GRANT_H
#define IDP_STAFF_ACTING_GRANT_H

#include "idp/session/grant.h"
#include "idp/staff/acting.h"

struct acting_grant {
    const struct acting_wish *wish;
    struct approval approval;         /* acr, amr, auth_time: the caller's; the rest is made */
    struct grant_beginning beginning; /* .grant: the caller's */
};

/* problem_scope_invalid, problem_scope_openid_missing: that is not had for the business. */
const struct problem *acting_grant_make(struct ctx *ctx, const struct partner *partner,
                                        const struct business *business,
                                        const struct stored_acting *row,
                                        struct acting_grant *grant);

/* In the caller's change. ERR_FULL: beginning.full. */
must_check enum err acting_grant_begin(struct ctx *ctx, struct acting_grant *grant);

/* Once that is durable; whoever acts uses her sitting. problem_acting_actor: the sitting has ended meanwhile, or the card was lost; so has it. */
const struct problem *acting_grant_begun(struct ctx *ctx, struct acting_grant *grant);

/* Does the acting that has just begun still hold? If not it is ended: problem_acting_actor. */
const struct problem *acting_holds(struct ctx *ctx, const struct stored_acting *row);

#endif
