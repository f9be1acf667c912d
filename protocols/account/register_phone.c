/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register: the phone number. GET and POST /register/code: the code sent to it. */
#include "idp/base/text.h"
#include "idp/person/phone_code.h"
#include "idp/person/registration.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/login/flow.h"

static const struct problem *
show_phone(struct request *rq, const struct flow *flow, const char *field,
           const struct problem *problem)
{
    struct page *page =
        flow_page(rq, flow, "register_phone", WORD_register_phone_title, "/register");

    page_text(page, "phone", param(rq, "phone"));
    page_text(page, "login_url", flow_url(rq, flow, "/login"));
    if (flow->partner != NULL)
        page_text(page, "cancel_action", "/login/cancel");
    page_field_problem(page, field, problem);
    return page_answer(rq, problem != NULL ? problem->status : 200, page);
}

static const struct problem *
show_code(struct request *rq, const struct flow *flow, const char *field,
          const struct problem *problem)
{
    struct page *page =
        flow_page(rq, flow, "register_code", WORD_register_code_title, "/register/code");

    page_text(page, "phone_masked", phone_masked(rq->arena, flow->tx.phone));
    if (params_find(&rq->query, "again") != NULL)
        page_word(page, "notice", WORD_code_sent_again);
    page_text(page, "resend_action", "/register");
    page_text(page, "change_url", flow_url(rq, flow, "/register"));
    if (problem == &problem_phone_taken)
        page_text(page, "login_url", flow_url(rq, flow, "/login"));
    page_field_problem(page, field, problem);
    return page_answer(rq, problem != NULL ? problem->status : 200, page);
}

const struct problem *
endpoint_register(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_or_begin(rq, &flow);

    return problem != NULL ? problem : show_phone(rq, &flow, NULL, NULL);
}

/* The form on the code's page that asks for another code sends no number: it is the one of the
 * transaction. */
const struct problem *
endpoint_register_send(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);
    bool again;

    if (problem != NULL)
        return problem;
    again = params_find(&rq->form, "phone") == NULL && !text_is_empty(flow.tx.phone);
    if (!again)
        problem = phone_check(rq->arena, param(rq, "phone") != NULL ? param(rq, "phone") : "",
                              &flow.tx.phone);
    if (problem == NULL)
        problem = phone_code_send(rq->ctx,
                                  &(struct phone_code) { flow.tx.id, "register", flow.tx.phone });
    if (problem != NULL)
        return again ? show_code(rq, &flow, NULL, problem)
                     : show_phone(rq, &flow, "phone", problem);
    flow.tx.enrolment = ENROLMENT_CODE_SENT;
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go_to_code(rq, &flow, "/register/code", again);
}

const struct problem *
endpoint_register_code(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return flow.tx.enrolment < ENROLMENT_CODE_SENT ? &problem_transaction_order
                                                   : show_code(rq, &flow, NULL, NULL);
}

const struct problem *
endpoint_register_code_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (flow.tx.enrolment < ENROLMENT_CODE_SENT)
        return &problem_transaction_order;
    problem = phone_code_check(
        rq->ctx, &(struct phone_code) { flow.tx.id, "register", flow.tx.phone }, param(rq, "code"));
    if (problem != NULL)
        return show_code(rq, &flow, "code", problem);
    problem = registration_phone_free(rq->ctx, flow.tx.phone);
    if (problem != NULL)
        return show_code(rq, &flow, NULL, problem);
    flow.tx.enrolment = ENROLMENT_PHONE_PROVEN;
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, "/register/notice");
}
