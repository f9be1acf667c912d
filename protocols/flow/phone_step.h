/* SPDX-License-Identifier: Apache-2.0 */
/* A number and the code sent to it: two pages that logging in and registering share,
 * with other words and links. */
#ifndef PROTOCOLS_FLOW_PHONE_STEP_H
#define PROTOCOLS_FLOW_PHONE_STEP_H

#include "protocols/flow/flow.h"

struct phone_step {
    const char *purpose;          /* of the code (phone_code.h), and a flag of both templates */
    const struct problem *closed; /* told where no messages can be sent */
    const char *phone_form;       /* its id on the page */
    enum word phone_title;
    const char *phone_path;
    /* What else that page shows. */
    void (*phone_fill)(struct request *rq, const struct flow *flow, struct page *page);
    /* On both pages: what there is instead while no code can be sent. */
    void (*instead_fill)(struct request *rq, const struct flow *flow, struct page *page);
    const char *code_form;
    enum word code_title;
    const char *code_path;
    /* What stands on the code's page in place of the form, when the number is proven and leads
     * elsewhere: to register, or to log in. */
    void (*elsewhere_fill)(struct request *rq, const struct flow *flow, struct page *page);
    enum enrolment_phase sent; /* what the transaction says of a registration once a code is sent */
    /* Where the code was right: leads on. NULL where the code itself logs her in. */
    const struct problem *(*proven)(struct request *rq, struct flow *flow);
};

/*
 * What the transaction says of a number whose code was right. It is carried from logging in to
 * registering and back: she types and proves it once (WCAG 2.2, 3.3.7).
 */
void phone_step_proven(struct request *rq, struct flow *flow);

/* Proven in this transaction a moment ago: as good as the code itself. */
bool phone_step_is_proven(const struct request *rq, const struct flow *flow);

/* An `instead_fill` for who has no other way to prove her number: a service window. */
void phone_step_window_instead(struct request *rq, const struct flow *flow, struct page *page);

const struct problem *phone_step_show_code(struct request *rq, const struct phone_step *step,
                                           const struct flow *flow);

/* GET of the number's page. */
const struct problem *phone_step_begin(struct request *rq, const struct phone_step *step);

/*
 * POST of the number. The form on the code's page that asks for another code sends no number: it is
 * the one of the transaction.
 */
const struct problem *phone_step_send(struct request *rq, const struct phone_step *step);

/* GET and POST of the code's page, where the code only proves the number (`proven`). */
const struct problem *phone_step_code(struct request *rq, const struct phone_step *step);
const struct problem *phone_step_code_submit(struct request *rq, const struct phone_step *step);

#endif
