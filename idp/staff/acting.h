/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A member of staff acts for the citizen in front of her: one citizen, one business of one partner, ACTING_S at most
 * (docs/adr/0060). It begins on a staff page, whose handle the partner's application exchanges, or at once with that exchange.
 * How it ends: acting_end.h.
 */
#ifndef IDP_STAFF_ACTING_H
#define IDP_STAFF_ACTING_H

#include "idp/base/problem.h"
#include "idp/partner/registry.h"
#include "idp/staff/acting_actor.h"
#include "idp/tables/acting.h"
#include "idp/tables/grant.h"
#include "policies/business.h"

/* By what it is known that the citizen is there, or agrees. */
#define ACTING_BY_CODE "code"         /* a code of her card, just scanned */
#define ACTING_BY_CARD "card"         /* her card and its PIN, at the counter's reader */
#define ACTING_BY_APPROVAL "approval" /* she agreed on her telephone */

struct acting_order {
    const struct sitting *sitting; /* who acts, and where: live and not locked */
    const struct partner *partner;
    const char *business; /* its code; NULL: none was named */
    const char *reason;   /* policies/reason.h; NULL: none was given */
    const char *person_id;
    const char *proof;
    const char *acr;  /* how surely she is known, … */
    const char *amr;  /* … by which factors, … */
    unix_s auth_time; /* … and when */
    enum err (*take)(
        struct ctx *ctx,
        void *state); /* in the same transaction, before all else: the single use that it comes
                                                       of; what is not OK undoes all. NULL: nothing is used up */
    const struct problem *(*told)(
        struct ctx *ctx, void *state,
        enum err err); /* behind it, with what take() gave: what is to be said; NULL: it is taken */
    void *state;
};

/* What the tokens shall be. */
struct acting_wish {
    const char *scope;     /* asked for; NULL: all that the business has */
    const char *bound_key; /* as in struct approval */
    const char *sub;       /* whom the partner knows the member of staff by */
};

/* May that business be done here, by her? problem_acting_business, problem_acting_role. `out` lives as long as the partner. */
const struct problem *acting_business(struct ctx *ctx, const struct acting_order *order,
                                      const struct business **out);

/*
 * On a staff page: it has begun, and its handle waits to be exchanged. Problems as above and of citizen_serve();
 * problem_staff_reason_invalid, problem_acting_second (nobody has approved it), problem_acting_actor (the sitting ended meanwhile).
 * The form of ctx begins one, however often it is sent. Not inside a transaction.
 */
const struct problem *acting_begin(struct ctx *ctx, const struct acting_order *order,
                                   const char **handle);

/* At the token endpoint: it begins with its grant. problem_scope_invalid and problem_scope_openid_missing besides. */
const struct problem *acting_begin_with_grant(struct ctx *ctx, const struct acting_order *order,
                                              const struct acting_wish *wish,
                                              struct stored_grant *out);

/* There, with the handle. Business and reason of the order, where given, are those that it began with; proof, person and what
 * follows are not read. problem_acting_handle: it is none, was exchanged, is over, or of another sitting or partner. */
const struct problem *acting_exchange(struct ctx *ctx, const struct acting_order *order,
                                      const char *handle, const struct acting_wish *wish,
                                      struct stored_grant *out);

#endif
