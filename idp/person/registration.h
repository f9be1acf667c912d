/* SPDX-License-Identifier: Apache-2.0 */
/* How a person comes into the house: phone, consents, bank check, account.
 * One person, one account. */
#ifndef IDP_PERSON_REGISTRATION_H
#define IDP_PERSON_REGISTRATION_H

#include "idp/person/bank_proof.h"
#include "policies/identity_number.h"

/* Purposes of the two consents (PIPL art. 23, 29: the bank check has one of its own). */
#define PURPOSE_REGISTRATION "registration"
#define PURPOSE_BANK_CHECK "bank_check"

/* The phone was proven; may it start an account? problem_phone_taken tells only its owner. A number
 * that its account has not proven for life.phone_s may: it has a new owner. */
const struct problem *registration_phone_free(struct ctx *ctx, const char *phone);

/*
 * The id of who registers this phone in this flow. The same each time, so that whoever goes back to
 * an earlier page and on again is still the same person; nobody outside can work it out.
 */
const char *registration_person_id(struct ctx *ctx, const char *flow, const char *phone);

/*
 * Store both consents, with the digest of the text that was shown, under the id the person will
 * have. `form` names the form they were given with: once more it is NULL too and stores nothing.
 */
const struct problem *registration_consent(struct ctx *ctx, const char *person_id,
                                           const struct digest *text, const struct digest *form);

/* What was typed, then made canonical. */
struct applicant {
    const char *person_id; /* of the consents */
    const char *phone;     /* E.164, proven in this flow */
    const char *name;
    struct identity_number identity;
    const char *card_no;
    const char *bank_phone; /* E.164, proven in this flow too */
};

/* One typed value at a time, so that a page can show each fault beside its field;
 * *out gets the canonical one. */
const struct problem *applicant_identity(struct ctx *ctx, const char *typed, struct applicant *out);

/* What the bank is asked about her. */
struct bank_question applicant_question(const struct applicant *applicant);

/* What is to be asked of the bank (ask_bank), unless out->answered. */
const struct problem *registration_begin(struct ctx *ctx, const struct applicant *applicant,
                                         struct bank_asking *out);

/*
 * With the bank's answer, make the account: person, look-up keys, card digest, evidence and audit
 * in one transaction. Doing the same twice (two buttons, two nodes) makes one account, and the
 * second is NULL too when it is the same flow's.
 */
const struct problem *registration_end(struct ctx *ctx, const struct applicant *applicant,
                                       struct bank_asking *asking);

#endif
