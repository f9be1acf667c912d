/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/phone_step.h"

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "idp/person/code_limits.h"
#include "idp/person/phone_code.h"
#include "policies/phone.h"
#include "protocols/http/device_cookie.h"

/* As long as a code is good. */
#define PROVEN_S 300

void
phone_step_proven(struct request *rq, struct flow *flow)
{
    flow->tx.proven_at = rq->now;
}

bool
phone_step_is_proven(const struct request *rq, const struct flow *flow)
{
    return flow->tx.proven_at != 0 && rq->now - flow->tx.proven_at <= PROVEN_S;
}

/* The number that she has typed before in this flow need not be typed again. */
static const char *
phone_known(const struct flow *flow)
{
    return text_is_empty(flow->tx.phone) ? "" : phone_national(flow->tx.phone);
}

void
phone_step_window_instead(struct request *rq, const struct flow *flow, struct page *page)
{
    (void)rq;
    if (mistakes_ask_to_wait(&flow->mistakes) &&
        !mistake_is_told(&flow->mistakes, &problem_sms_too_soon)) /* a minute is no matter */
        page_word(page, "other_way", WORD_window_instead);
}

static const struct problem *
show_phone(struct request *rq, const struct phone_step *step, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "phone", step->phone_title, step->phone_path);
    const char *typed = param_typed(rq, "phone");

    page_flag(page, step->purpose, true);
    page_text(page, "form_id", step->phone_form);
    page_text(page, "phone", typed != NULL ? typed : phone_known(flow));
    step->phone_fill(rq, flow, page);
    step->instead_fill(rq, flow, page);
    return flow_answer(rq, flow, page, "phone");
}

/* Another code can be had now, or in so many seconds. */
static enum err
wait_add(struct request *rq, const struct flow *flow, struct page *page)
{
    int64_t wait_s = 0;
    enum err err;

    device_cookie_read(rq);
    err = code_limits_wait(rq->ctx, flow->tx.phone, &wait_s);
    if (err == OK && wait_s > 0)
        page_text(page, "wait_s", arena_printf(rq->arena, "%lld", (long long)wait_s));
    return err;
}

const struct problem *
phone_step_show_code(struct request *rq, const struct phone_step *step, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "code", step->code_title, step->code_path);
    enum err err;

    page_flag(page, step->purpose, true);
    page_text(page, "form_id", step->code_form);
    page_text(page, "phone_masked", phone_masked(rq->arena, flow->tx.phone));
    if (param(rq, "again") != NULL)
        page_word(page, "notice", WORD_code_sent_again);
    page_text(page, "resend_action", step->phone_path);
    page_text(page, "change_url", flow_url(rq, flow, step->phone_path));
    if (step->elsewhere_fill != NULL)
        step->elsewhere_fill(rq, flow, page);
    step->instead_fill(rq, flow, page);
    err = wait_add(rq, flow, page);
    if (err != OK)
        return problem_of(err);
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
phone_step_begin(struct request *rq, const struct phone_step *step)
{
    struct flow flow;
    const struct problem *problem;

    if (!sms_is_configured(rq->ctx->services->sms))
        return step->closed;
    if (param(rq, "tx") == NULL)
        return flow_begin_own(rq);
    problem = flow_open(rq, &flow);
    return problem != NULL ? problem : show_phone(rq, step, &flow);
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
    const struct phone_step *step = sending->step;

    if (sending->again)
        return flow_show_again(rq, &sending->flow, step->code_path, NULL, problem);
    return flow_show_again(rq, &sending->flow, step->phone_path, "phone", problem);
}

static struct phone_code
code_of(const struct sending *sending)
{
    const struct transaction *tx = &sending->flow.tx;

    return (struct phone_code) { tx->id, sending->step->purpose, tx->phone };
}

static const struct problem *
code_begin(struct request *rq, struct sending *sending)
{
    struct transaction *tx = &sending->flow.tx;
    const char *typed = param(rq, "phone");
    const struct problem *problem = NULL;
    struct phone_code code;

    if (!sending->again)
        problem = phone_check(rq->arena, typed != NULL ? typed : "", &tx->phone);
    if (problem != NULL)
        return problem;
    code = code_of(sending);
    return phone_code_begin(rq->ctx, &code, &sending->code);
}

static const struct problem *
go_to_code(struct request *rq, struct sending *sending)
{
    struct flow *flow = &sending->flow;
    const struct problem *problem;

    if (sending->step->sent == ENROLMENT_CODE_SENT && flow->tx.enrolment != ENROLMENT_CODE_SENT)
        metric_add(METRIC_REGISTRATION_STARTED, 1);
    flow->tx.enrolment = sending->step->sent; /* what was proven was proven of the number before */
    flow->tx.proven_at = 0;
    problem = flow_reseal(rq, flow);
    if (problem != NULL)
        return problem;
    return flow_go_to_code(rq, flow, sending->step->code_path, sending->again);
}

static const struct problem *
code_sent(struct request *rq, void *state)
{
    struct sending *sending = state;
    const struct problem *problem = phone_code_end(rq->ctx, &sending->code);

    return problem != NULL ? show_problem(rq, sending, problem) : go_to_code(rq, sending);
}

/* Who presses twice, or goes Back and asks again within the minute, has a code to type. */
static const struct problem *
code_sent_before(struct request *rq, struct sending *sending)
{
    const struct phone_code code = code_of(sending);
    bool is_out = false;
    enum err err = phone_code_is_out(rq->ctx, &code, &is_out);

    if (err != OK)
        return problem_of(err);
    if (!is_out || sending->again)
        return show_problem(rq, sending, &problem_sms_too_soon);
    return go_to_code(rq, sending);
}

const struct problem *
phone_step_send(struct request *rq, const struct phone_step *step)
{
    struct sending *sending = arena_alloc(rq->arena, sizeof(*sending));
    const struct problem *problem = sms_is_configured(rq->ctx->services->sms)
                                        ? flow_open_form(rq, &sending->flow)
                                        : step->closed;

    if (problem != NULL)
        return problem;
    sending->step = step;
    sending->again = param_typed(rq, "phone") == NULL && !text_is_empty(sending->flow.tx.phone);
    problem = code_begin(rq, sending);
    if (problem == &problem_sms_too_soon)
        return code_sent_before(rq, sending);
    if (problem != NULL)
        return show_problem(rq, sending, problem);
    return request_ask(rq, &ask_phone_code, &sending->code, code_sent, sending);
}

const struct problem *
phone_step_code(struct request *rq, const struct phone_step *step)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return transaction_has_come_to(&flow.tx, step->sent) ? phone_step_show_code(rq, step, &flow)
                                                         : &problem_transaction_order;
}

const struct problem *
phone_step_code_submit(struct request *rq, const struct phone_step *step)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!transaction_has_come_to(&flow.tx, step->sent))
        return &problem_transaction_order;
    problem =
        phone_code_check(rq->ctx, &(struct phone_code) { flow.tx.id, step->purpose, flow.tx.phone },
                         param(rq, "code"), NULL);
    if (problem != NULL)
        return flow_show_again(rq, &flow, step->code_path, "code", problem);
    return step->proven(rq, &flow);
}
