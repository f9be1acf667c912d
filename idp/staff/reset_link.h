/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link by text message with which a person chooses her password herself, once, after a member of staff has seen her: no
 * member of staff sees or sets a secret (docs/adr/0063). The number that it was sent to is hers once she has used it.
 */
#ifndef IDP_STAFF_RESET_LINK_H
#define IDP_STAFF_RESET_LINK_H

#include "idp/base/problem.h"
#include "idp/staff/sitting.h"

#define RESET_LINK_LIFE_S 1800

/* Messages with such links can be sent. */
bool reset_link_is_offered(const struct ctx *ctx);

/*
 * To the number that she has proven, when she has proven herself in this sitting. The form of ctx sends one.
 * problem_reset_closed, problem_reset_no_phone, problem_account_stopped, problem_guardian_required, and those of
 * proofing_check(), citizen_serve() and code_limits.h.
 */
const struct problem *reset_link_send(struct ctx *ctx, const struct sitting *sitting,
                                      const char *person_id);

/* In the caller's transaction, which has a reason of its own: a link to that number (E.164). */
must_check enum err reset_link_put(struct ctx *ctx, const char *person_id, const char *phone);

/* Whose it is. */
struct reset_link {
    const char *person_id;
    const char *phone; /* E.164 */
    unix_s made_at;
    bool is_used;
};

/* problem_reset_link_over: it is none, it is over, or she has changed her password since. */
const struct problem *reset_link_look(struct ctx *ctx, const char *link, struct reset_link *out);

/* Her password has been chosen by it. OK also when that was said before. */
must_check enum err reset_link_use(struct ctx *ctx, const char *link);

#endif
