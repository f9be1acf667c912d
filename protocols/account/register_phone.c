/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register: the phone number. GET and POST /register/code: the code sent to it. */
#include "idp/base/metrics.h"
#include "idp/person/registration.h"
#include "protocols/endpoints.h"
#include "protocols/flow/phone_step.h"

#define CODE_PATH "/register/code"

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

static const struct problem *
proven(struct request *rq, struct flow *flow)
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
        return flow_show_again(rq, flow, CODE_PATH, NULL, taken);
    return flow_go(rq, flow, "/register/notice");
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
    .code_path = CODE_PATH,
    .elsewhere_fill = elsewhere,
    .sent = ENROLMENT_CODE_SENT,
    .proven = proven,
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
    return phone_step_code(rq, &step);
}

const struct problem *
endpoint_register_code_submit(struct request *rq)
{
    return phone_step_code_submit(rq, &step);
}
