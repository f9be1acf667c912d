/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person's password and phone number are changed, by who has proven to be she. One change decides;
 * all that stood on what was before ends, and she is told at the number she had.
 */
#ifndef IDP_SESSION_RENEWAL_H
#define IDP_SESSION_RENEWAL_H

#include "idp/base/problem.h"
#include "idp/person/credentials.h"

struct renewal {
    const char *person_id;
    const char *reason; /* "recovered" or "changed" */
    const char *phone;  /* E.164, proven: hers from now on; NULL: the one that she has */
    bool takes_over;    /* she says that the number is hers alone, whoever had it */
    unix_s begun_at;    /* of the flow, before anything of it was proven */
    const char *but;    /* the session that goes on; "": none does */
};

/*
 * With the new password hashed (`choice`): password and number, audit records and the notice in one
 * change; then all her sessions and grants end, offline ones too, before this returns. What began
 * at `begun_at` changes something once: problem_transaction_order when it has, or when anything
 * else has changed her credentials since. problem_phone_anothers, problem_phone_take_over: the
 * number is somebody else's.
 */
const struct problem *renewal_end(struct ctx *ctx, const struct renewal *renewal,
                                  const struct password_choice *choice);

/* It is no repetition: problem_transaction_order, on record. */
const struct problem *renewal_late(struct ctx *ctx, const struct renewal *renewal);

/* It was made already, and may have been interrupted: what is older than the change ends. */
const struct problem *renewal_repeat(struct ctx *ctx, const struct renewal *renewal);

#endif
