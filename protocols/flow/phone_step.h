/* SPDX-License-Identifier: Apache-2.0 */
/* A number and the code sent to it: two pages that logging in and registering share,
 * with other words and links. */
#ifndef PROTOCOLS_FLOW_PHONE_STEP_H
#define PROTOCOLS_FLOW_PHONE_STEP_H

#include "protocols/flow/flow.h"

struct phone_step {
    const char *purpose;    /* of the code (phone_code.h), and a flag of both templates */
    const char *phone_form; /* its id on the page */
    enum word phone_title;
    const char *phone_path;
    /* What else that page shows. */
    void (*phone_fill)(struct request *rq, const struct flow *flow, struct page *page);
    /* On both pages: what there is instead while no code can be sent. */
    void (*instead_fill)(struct request *rq, const struct flow *flow, struct page *page);
    const char *code_form;
    enum word code_title;
    const char *code_path;
    const struct problem *leads_elsewhere; /* this problem shows elsewhere on the code's page */
    const char *elsewhere_value;           /* of the template */
    const char *elsewhere_path;
    enum enrolment_phase sent; /* what the transaction says of a registration once a code is sent */
};

const struct problem *phone_step_show_code(struct request *rq, const struct phone_step *step,
                                           const struct flow *flow);

/* GET of the number's page. */
const struct problem *phone_step_begin(struct request *rq, const struct phone_step *step);

/*
 * POST of the number. The form on the code's page that asks for another code sends no number: it is
 * the one of the transaction.
 */
const struct problem *phone_step_send(struct request *rq, const struct phone_step *step);

#endif
