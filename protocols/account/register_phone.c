/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register: the phone number. GET and POST /register/code: the code sent to it. */
#include "idp/connect/sms.h"
#include "idp/person/phone_code.h"
#include "idp/person/registration.h"
#include "protocols/endpoints.h"
#include "protocols/flow/phone_step.h"

static void
fill(struct request *rq, const struct flow *flow, struct page *page)
{
    page_text(page, "login_url", flow_url(rq, flow, "/login"));
}

/* She has no other way to prove her number, and no password yet. */
static void
instead(struct request *rq, const struct flow *flow, struct page *page)
{
    (void)rq;
    if (mistakes_ask_to_wait(&flow->mistakes) &&
        !mistake_is_told(&flow->mistakes, &problem_sms_too_soon)) /* a minute is no matter */
        page_word(page, "other_way", WORD_window_instead);
}

static const struct phone_step step = {
    .purpose = "register",
    .phone_form = "register-phone-form",
    .phone_title = WORD_register_phone_title,
    .phone_path = "/register",
    .phone_fill = fill,
    .instead_fill = instead,
    .code_form = "register-code-form",
    .code_title = WORD_register_code_title,
    .code_path = "/register/code",
    .leads_elsewhere = &problem_phone_taken,
    .elsewhere_value = "login_url",
    .elsewhere_path = "/login",
    .sent = ENROLMENT_CODE_SENT,
};

const struct problem *
endpoint_register(struct request *rq)
{
    if (!sms_is_configured(rq->ctx->services->sms))
        return &problem_registration_closed;
    return phone_step_begin(rq, &step);
}

const struct problem *
endpoint_register_send(struct request *rq)
{
    if (!sms_is_configured(rq->ctx->services->sms))
        return &problem_registration_closed;
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
    problem = registration_phone_free(rq->ctx, flow.tx.phone);
    if (problem != NULL)
        return flow_show_again(rq, &flow, step.code_path, NULL, problem);
    flow.tx.enrolment = ENROLMENT_PHONE_PROVEN;
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, "/register/notice");
}
