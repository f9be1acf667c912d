/* SPDX-License-Identifier: Apache-2.0 */
/* The member of staff who acts: by an access token that the partner got when she entered there, and as she sits at her counter
 * now. */
#ifndef IDP_STAFF_ACTING_ACTOR_H
#define IDP_STAFF_ACTING_ACTOR_H

#include "idp/base/problem.h"
#include "idp/partner/registry.h"
#include "idp/staff/sitting.h"

struct acting_actor {
    struct sitting sitting; /* live and not locked; her roles are those of her row now */
    const char *sub;        /* whom the partner knows her by */
};

/* What a partner presents. */
struct acting_shown {
    const struct partner *partner;
    const char *token;
    const char *proof_key; /* thumbprint of the key of its DPoP proof; NULL: no proof */
};

/*
 * problem_acting_actor: it is not such a token of this very partner, or the sitting is over; problem_acting_locked. From then on
 * ctx is hers: what is written names her and her counter.
 */
const struct problem *acting_actor_open(struct ctx *ctx, const struct acting_shown *shown,
                                        struct acting_actor *out);

/* "acting.reject" with that word in the audit trail; gives the problem back. */
const struct problem *acting_rejected(struct ctx *ctx, const char *reason,
                                      const struct problem *problem);

/* Who sits in the sitting of that id, whatever browser shows it; `live` as sitting_load() says. */
must_check enum err acting_sitting_find(struct ctx *ctx, const char *sid, struct sitting *out);

#endif
