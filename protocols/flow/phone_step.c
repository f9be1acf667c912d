/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/phone_step.h"

#include "idp/base/text.h"
#include "idp/person/phone_code.h"
#include "policies/phone.h"

static const struct problem *
show_phone(struct request *rq, const struct phone_step *step, const struct flow *flow,
           const struct problem *problem)
{
    struct page *page = flow_page(rq, flow, "phone", step->phone_title, step->phone_path);

    page_flag(page, step->purpose, true);
    page_text(page, "form_id", step->phone_form);
    page_text(page, "phone", param_typed(rq, "phone"));
    step->phone_fill(rq, flow, page);
    page_field_problem(page, "phone", problem);
    return page_answer(rq, problem != NULL ? problem->status : 200, page);
}

const struct problem *
phone_step_show_code(struct request *rq, const struct phone_step *step, const struct flow *flow,
                     const char *field, const struct problem *problem)
{
    struct page *page = flow_page(rq, flow, "code", step->code_title, step->code_path);

    page_flag(page, step->purpose, true);
    page_text(page, "form_id", step->code_form);
    page_text(page, "phone_masked", phone_masked(rq->arena, flow->tx.phone));
    if (param(rq, "again") != NULL)
        page_word(page, "notice", WORD_code_sent_again);
    page_text(page, "resend_action", step->phone_path);
    page_text(page, "change_url", flow_url(rq, flow, step->phone_path));
    if (problem == step->leads_elsewhere)
        page_text(page, step->elsewhere_value, flow_url(rq, flow, step->elsewhere_path));
    page_field_problem(page, field, problem);
    return page_answer(rq, problem != NULL ? problem->status : 200, page);
}

const struct problem *
phone_step_begin(struct request *rq, const struct phone_step *step)
{
    struct flow flow;
    const struct problem *problem = flow_open_or_begin(rq, &flow);

    return problem != NULL ? problem : show_phone(rq, step, &flow, NULL);
}

struct sending {
    const struct phone_step *step;
    struct flow flow;
    struct code_sending code;
    bool again;
};

static const struct problem *
show_problem(struct request *rq, const struct sending *sending, const struct problem *problem)
{
    if (sending->again)
        return phone_step_show_code(rq, sending->step, &sending->flow, NULL, problem);
    return show_phone(rq, sending->step, &sending->flow, problem);
}

static const struct problem *
code_begin(struct request *rq, struct sending *sending)
{
    struct transaction *tx = &sending->flow.tx;
    const char *typed = param(rq, "phone");
    const struct problem *problem = NULL;

    if (!sending->again)
        problem = phone_check(rq->arena, typed != NULL ? typed : "", &tx->phone);
    if (problem != NULL)
        return problem;
    return phone_code_begin(rq->ctx,
                            &(struct phone_code) { tx->id, sending->step->purpose, tx->phone },
                            &sending->code);
}

static const struct problem *
code_sent(struct request *rq, void *state)
{
    struct sending *sending = state;
    struct flow *flow = &sending->flow;
    const struct problem *problem = phone_code_end(rq->ctx, &sending->code);

    if (problem != NULL)
        return show_problem(rq, sending, problem);
    flow->tx.enrolment = sending->step->sent; /* what was proven was proven of the number before */
    problem = flow_reseal(rq, flow);
    if (problem != NULL)
        return problem;
    return flow_go_to_code(rq, flow, sending->step->code_path, sending->again);
}

const struct problem *
phone_step_send(struct request *rq, const struct phone_step *step)
{
    struct sending *sending = arena_alloc(rq->arena, sizeof(*sending));
    const struct problem *problem = flow_open_form(rq, &sending->flow);

    if (problem != NULL)
        return problem;
    sending->step = step;
    sending->again = param_typed(rq, "phone") == NULL && !text_is_empty(sending->flow.tx.phone);
    problem = code_begin(rq, sending);
    if (problem != NULL)
        return show_problem(rq, sending, problem);
    return request_ask(rq, &ask_phone_code, &sending->code, code_sent, sending);
}
