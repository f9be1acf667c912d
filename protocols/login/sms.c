/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /login/sms: the number a code goes to. GET and POST /login/sms/code: the code. */
#include "idp/base/text.h"
#include "idp/person/phone_code.h"
#include "idp/session/login.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/login/flow.h"

static const struct problem *
show_phone(struct request *rq, const struct flow *flow, const char *field,
           const struct problem *problem)
{
    struct page *page = flow_page(rq, flow, "login_sms", WORD_login_sms_title, "/login/sms");

    page_text(page, "phone", param(rq, "phone"));
    page_text(page, "password_url", flow_url(rq, flow, "/login"));
    page_text(page, "register_url", flow_url(rq, flow, "/register"));
    page_field_problem(page, field, problem);
    return page_answer(rq, problem != NULL ? problem->status : 200, page);
}

static const struct problem *
show_code(struct request *rq, const struct flow *flow, const char *field,
          const struct problem *problem)
{
    struct page *page =
        flow_page(rq, flow, "login_sms_code", WORD_login_sms_code_title, "/login/sms/code");

    page_text(page, "phone_masked", phone_masked(rq->arena, flow->tx.phone));
    if (params_find(&rq->query, "again") != NULL)
        page_word(page, "notice", WORD_code_sent_again);
    page_text(page, "resend_action", "/login/sms");
    page_text(page, "change_url", flow_url(rq, flow, "/login/sms"));
    if (problem == &problem_phone_unknown)
        page_text(page, "register_url", flow_url(rq, flow, "/register"));
    page_field_problem(page, field, problem);
    return page_answer(rq, problem != NULL ? problem->status : 200, page);
}

const struct problem *
endpoint_login_sms(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_or_begin(rq, &flow);

    return problem != NULL ? problem : show_phone(rq, &flow, NULL, NULL);
}

/* The form on the code's page that asks for another code sends no number: it is the one of the
 * transaction. */
const struct problem *
endpoint_login_sms_send(struct request *rq)
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
        problem =
            phone_code_send(rq->ctx, &(struct phone_code) { flow.tx.id, "login", flow.tx.phone });
    if (problem != NULL)
        return again ? show_code(rq, &flow, NULL, problem)
                     : show_phone(rq, &flow, "phone", problem);
    flow.tx.enrolment = ENROLMENT_NONE; /* what was proven was proven of the number before */
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go_to_code(rq, &flow, "/login/sms/code", again);
}

const struct problem *
endpoint_login_sms_code(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return text_is_empty(flow.tx.phone) ? &problem_transaction_order
                                        : show_code(rq, &flow, NULL, NULL);
}

const struct problem *
endpoint_login_sms_submit(struct request *rq)
{
    struct flow flow;
    struct proof proof;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (text_is_empty(flow.tx.phone))
        return &problem_transaction_order;
    problem = login_by_code(rq->ctx, flow.tx.id, flow.tx.phone, param(rq, "code"), &proof);
    if (problem != NULL)
        return show_code(rq, &flow, problem == &problem_phone_unknown ? NULL : "code", problem);
    return flow_log_in(rq, &flow, &proof);
}
