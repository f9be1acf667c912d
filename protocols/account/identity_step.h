/* SPDX-License-Identifier: Apache-2.0 */
/* Name, identity number, bank card and the number kept at the bank, and the bank's word on them: a
 * page that registering and recovering share, with other words and another end. */
#ifndef PROTOCOLS_ACCOUNT_IDENTITY_STEP_H
#define PROTOCOLS_ACCOUNT_IDENTITY_STEP_H

#include "idp/person/registration.h"
#include "protocols/flow/flow.h"

struct identity_step {
    const char *purpose; /* a flag of the template */
    const char *form;    /* its id on the page */
    enum word title;
    const char *path;
    enum enrolment_phase from; /* what must have been proven before */
    /* What else the page shows. */
    void (*fill)(struct request *rq, const struct flow *flow, struct page *page);
    const struct problem *(*begin)(struct ctx *ctx, const struct applicant *applicant,
                                   struct bank_asking *out);
    /* The bank has answered: goes on, or tells what to show beside no field. */
    const struct problem *(*end)(struct request *rq, struct flow *flow,
                                 const struct applicant *applicant, struct bank_asking *asking);
};

/* GET of the page. */
const struct problem *identity_step_show(struct request *rq, const struct identity_step *step);

/* POST of its form. */
const struct problem *identity_step_submit(struct request *rq, const struct identity_step *step);

/* Shows the page again with what is told of the form as a whole. */
const struct problem *identity_step_refuse(struct request *rq, const struct identity_step *step,
                                           const struct flow *flow, const struct problem *problem);

/* The flow's person is who she says: she may choose a password, for a quarter of an hour (AU-19),
 * however much more time she takes for the page. */
void identity_step_proven(const struct request *rq, struct flow *flow);
bool identity_step_is_fresh(const struct request *rq, const struct flow *flow);

/* On the page where she chooses it: until when. */
void identity_step_announce(struct request *rq, const struct flow *flow, struct page *page);

#endif
