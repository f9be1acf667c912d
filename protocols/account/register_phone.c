/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register: the phone number. GET and POST /register/code: the code sent to it. */
#include "idp/base/metrics.h"
#include "idp/person/phone_code.h"
#include "idp/person/registration.h"
#include "protocols/endpoints.h"
#include "protocols/flow/phone_step.h"

static void
fill(struct request *rq, const struct flow *flow, struct page *page)
{
    page_text(page, "login_url", flow_url(rq, flow, "/login"));
}

/* The number has an account: it logs her in as it was proven, or once more when that is too long ago. */
static void
elsewhere(struct request *rq, const struct flow *flow, struct page *page)
{
    if (!mistake_is_told(&flow->mistakes, &problem_phone_taken))
        return;
    if (phone_step_is_proven(rq, flow))
        page_text(page, "proven_action", "/login/proven");
    else
        page_text(page, "login_url", flow_url(rq, flow, "/login"));
}

static const struct phone_step step = {
    .purpose = "register",
    .closed = &problem_registration_closed,
    .phone_form = "register-phone-form",
    .phone_title = WORD_register_phone_title,
    .phone_path = "/register",
    .phone_fill = fill,
    .instead_fill = phone_step_window_instead,
    .code_form = "register-code-form",
    .code_title = WORD_register_code_title,
    .code_path = "/register/code",
    .elsewhere_fill = elsewhere,
    .sent = ENROLMENT_CODE_SENT,
};

const struct problem *
endpoint_register(struct request *rq)
{
    return phone_step_begin(rq, &step);
}

const struct problem *
endpoint_register_send(struct request *rq)
{
    return phone_step_send(rq, &step);
}

const struct problem *
endpoint_register_code(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return transaction_has_come_to(&flow.tx, ENROLMENT_CODE_SENT)
               ? phone_step_show_code(rq, &step, &flow)
               : &problem_transaction_order;
}

/* The code was right. */
static const struct problem *
lead_on(struct request *rq, struct flow *flow)
{
    const struct problem *taken = registration_phone_free(rq->ctx, flow->tx.phone);
    const struct problem *problem;

    phone_step_proven(rq, flow);
    if (taken == NULL) {
        flow->tx.enrolment = ENROLMENT_PHONE_PROVEN;
        metric_add(METRIC_REGISTRATION_PHONE, 1);
    }
    problem = flow_reseal(rq, flow);
    if (problem != NULL)
        return problem;
    if (taken != NULL)
        return flow_show_again(rq, flow, step.code_path, NULL, taken);
    return flow_go(rq, flow, "/register/notice");
}

const struct problem *
endpoint_register_code_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!transaction_has_come_to(&flow.tx, ENROLMENT_CODE_SENT))
        return &problem_transaction_order;
    problem =
        phone_code_check(rq->ctx, &(struct phone_code) { flow.tx.id, step.purpose, flow.tx.phone },
                         param(rq, "code"), NULL);
    if (problem != NULL)
        return flow_show_again(rq, &flow, step.code_path, "code", problem);
    return lead_on(rq, &flow);
}
