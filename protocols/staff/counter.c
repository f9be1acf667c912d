/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /staff/counter: a one-time code makes this browser the one of a counter (docs/adr/0059). Nobody need have
 * signed in: who has the code has been sent to set the computer up.
 */
#include "idp/staff/counter.h"
#include "idp/base/text.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/cookies.h"

#define PATH "/staff/counter"
/* Browsers keep none longer; each enrolment sets it anew. */
#define KEPT_S (400 * 86400)

/* A flow of another page has no business here. */
static const struct problem *
is_for_counter(const struct flow *flow)
{
    return text_eq(flow->tx.purpose, PURPOSE_COUNTER) ? NULL : &problem_transaction_order;
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    const struct sitting *sitting = rq->staff;
    struct page *page = flow_page(rq, flow, "staff_counter", WORD_counter_title, PATH);

    if (sitting->at_counter) {
        page_text(page, "place", sitting->counter.place);
        page_text(page, "agency", sitting->counter.agency);
        page_text(page, "counter_id", sitting->counter.counter_id);
    }
    page_text(page, "staff_url", "/staff");
    return flow_answer(rq, flow, page, "code");
}

static const struct problem *
begin(struct request *rq)
{
    struct flow flow = { .tx.purpose = PURPOSE_COUNTER };
    const struct problem *problem = flow_begin(rq, &flow);

    return problem != NULL ? problem : flow_go(rq, &flow, PATH);
}

const struct problem *
endpoint_staff_counter(struct request *rq)
{
    struct flow flow;
    const struct problem *problem;

    if (param(rq, "tx") == NULL)
        return begin(rq);
    problem = flow_open(rq, &flow);
    if (problem == NULL)
        problem = is_for_counter(&flow);
    return problem != NULL ? problem : show(rq, &flow);
}

const struct problem *
endpoint_staff_counter_submit(struct request *rq)
{
    struct counter_enrolment enrolment = { .certificate = rq->client_certificate };
    struct stored_counter counter;
    const char *cookie;
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem == NULL)
        problem = is_for_counter(&flow);
    if (problem != NULL)
        return problem;
    enrolment.code = param(rq, "code");
    enrolment.once = arena_printf(rq->arena, "%s %s", flow.tx.id, flow.cookie);
    problem = counter_enrol(rq->ctx, &enrolment, &counter, &cookie);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, "code", problem);
    cookie_set(rq, "counter", cookie, KEPT_S);
    return flow_go(rq, &flow, PATH);
}
