/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the bank network whether name, identity number, card and phone belong together: at most so
 * often a day, each question under one order that is asked again, not anew, when the answer stayed
 * away.
 */
#ifndef IDP_PERSON_BANK_PROOF_H
#define IDP_PERSON_BANK_PROOF_H

#include "idp/audit/ctx.h"
#include "idp/base/problem.h"

/* Canonical values (policies/). */
struct bank_question {
    const char *name;
    const char *identity_number;
    const char *card_no;
    const char *phone; /* E.164 */
};

/*
 * NULL: they belong together; *order_id names the proof. Otherwise what to tell the person. An
 * answer of UNKNOWN, UNAVAILABLE or our own fault is never counted as an attempt. No transaction
 * may be open.
 */
const struct problem *bank_proof_ask(struct ctx *ctx, const struct bank_question *question,
                                     const char **order_id);

#endif
