/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a member of staff may do only when a second one, another person at another counter, has agreed (docs/adr/0063): she
 * proposes it, the second approves or refuses it, and what was approved is used once.
 */
#ifndef IDP_STAFF_PROPOSAL_H
#define IDP_STAFF_PROPOSAL_H

#include "idp/base/problem.h"
#include "idp/staff/sitting.h"
#include "idp/tables/staff_proposal.h"

/* What somebody wants to do. Texts that say nothing may be NULL. */
struct proposal_wish {
    enum proposal_kind kind;
    const char *person_id; /* the citizen */
    const char *region;    /* hers; "": it is not known, and that of the proposer counts */
    const char *partner_id;
    const char *business;
    const char *reason;  /* policies/reason.h */
    const char *content; /* the new value of a correction; kept sealed */
};

/*
 * It waits for STAFF_PROPOSAL_OPEN_S. The form of ctx makes one, however often it is sent. problem_second_unknown: the
 * directory does not tell who the proposer is, so nobody could be a second person.
 */
const struct problem *proposal_make(struct ctx *ctx, const struct sitting *sitting,
                                    const struct proposal_wish *wish, const char **proposal_id);

/* Those that wait and that this member of staff may decide, the oldest first. */
must_check enum err proposal_list(struct ctx *ctx, const struct sitting *sitting,
                                  struct stored_proposal_list *out);

/* The new value of a correction; "": it has none. */
must_check enum err proposal_content(struct ctx *ctx, const struct stored_proposal *proposal,
                                     const char **out);

/*
 * One that waits and that she may decide. Else, audited: problem_proposal_over, problem_second_unknown,
 * problem_second_same (she is the proposer, under whichever account, or sits at the proposer's counter),
 * problem_staff_self (it concerns herself); problem_proposal_over also for one of another region.
 */
const struct problem *proposal_look(struct ctx *ctx, const struct sitting *sitting,
                                    const char *proposal_id, struct stored_proposal *out);

/*
 * She approves, and it is good for the proposer for STAFF_PROPOSAL_GOOD_S; or she refuses. Problems as above; NULL also
 * for who has decided so already.
 */
const struct problem *proposal_decide(struct ctx *ctx, const struct sitting *sitting,
                                      const char *proposal_id, bool approves);

/* What an approved proposal is used for. */
struct proposal_use {
    const char *proposal_id; /* NULL: whichever there is. The one that was taken */
    enum proposal_kind kind;
    const char *staff_id; /* who proposed it */
    const char *person_id;
    const char *partner_id;
    const char *business;
    const char *content; /* of a correction, opened */
};

/* In the caller's transaction: it is used, once. ERR_NOT_FOUND: there is none that is approved and good. */
must_check enum err proposal_take(struct ctx *ctx, struct proposal_use *use);

#endif
