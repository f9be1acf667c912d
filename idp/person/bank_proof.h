/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the bank network whether name, identity number, card and phone belong together: at most so
 * often a day, each question under one order that is asked again, not anew, when the answer stayed
 * away.
 */
#ifndef IDP_PERSON_BANK_PROOF_H
#define IDP_PERSON_BANK_PROOF_H

#include "idp/base/problem.h"
#include "idp/connect/bank_unionpay.h"
#include "idp/context/ask.h"
#include "idp/tables/bank.h"

/* Canonical values (policies/). */
struct bank_question {
    const char *name;
    const char *identity_number;
    const char *card_no;
    const char *phone; /* E.164 */
};

/* A question under way. */
struct bank_asking {
    struct bank_question question;
    struct stored_bank_order order;
    bool pending;  /* the order was sent before, and its answer stayed away */
    bool answered; /* and used up by nobody: there is nothing to ask */
    struct bank_answer answer;
};

/* problem_bank_limit and the like: it is not to be asked. */
const struct problem *bank_proof_begin(struct ctx *ctx, const struct bank_question *question,
                                       struct bank_asking *out);
extern const struct ask ask_bank;

/* How many checks of this identity number and card are possible today. */
must_check enum err bank_checks_left(struct ctx *ctx, const struct bank_question *question,
                                     int64_t *out);

/*
 * NULL: they belong together; *order_id names the proof. Otherwise what to tell the person. An
 * answer of UNKNOWN, UNAVAILABLE or our own fault is never counted as an attempt.
 */
const struct problem *bank_proof_end(struct ctx *ctx, struct bank_asking *asking,
                                     const char **order_id);

#endif
