/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /card/lost: whoever has lost her card asks for a link by message, without logging in. GET and POST
 * /card/lost/confirm: where it leads; one button reports the card lost (docs/adr/0053).
 */
#include "idp/base/text.h"
#include "idp/card/lost_link.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"

#define PATH "/card/lost"
#define CONFIRM "/card/lost/confirm"

/* --- Asking for a link --- */

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "card_lost", WORD_card_lost_title, PATH);
    const char *typed = param_typed(rq, "phone");

    if (param(rq, "again") != NULL && !text_is_empty(flow->tx.phone))
        page_text(page, "sent_to", phone_masked(rq->arena, flow->tx.phone));
    page_flag(page, "ask", true);
    page_text(page, "phone", typed);
    return flow_answer(rq, flow, page, "phone");
}

const struct problem *
endpoint_card_lost(struct request *rq)
{
    struct flow flow;
    const struct problem *problem;

    if (!lost_link_is_offered(rq->ctx))
        return &problem_ecard_link_closed;
    if (param(rq, "tx") == NULL)
        return flow_begin_own(rq);
    problem = flow_open(rq, &flow);
    return problem != NULL ? problem : show(rq, &flow);
}

static const struct problem *
sent(struct request *rq, struct flow *flow, const char *phone)
{
    const struct problem *problem;

    flow->tx.phone = phone;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go_to_code(rq, flow, PATH, true);
}

const struct problem *
endpoint_card_lost_send(struct request *rq)
{
    struct flow flow;
    struct digest form = flow_form_digest(rq);
    const char *typed = param_typed(rq, "phone");
    const char *phone;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    problem = phone_check(rq->arena, typed != NULL ? typed : "", &phone);
    if (problem == NULL)
        problem = lost_link_send(rq->ctx, phone, &form);
    if (problem == NULL)
        return sent(rq, &flow, phone);
    return flow_show_again(rq, &flow, PATH, "phone", problem);
}

/* --- The link --- */

/* The flow carries the link's secret in place of a partner's request. */
static const struct problem *
begin(struct request *rq, const char *link)
{
    struct flow flow = { .tx = { .purpose = PURPOSE_CARD_LOST, .asked = link } };
    bool used;
    const struct problem *problem = lost_link_look(rq->ctx, link, &used);

    if (problem == NULL)
        problem = flow_begin(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, CONFIRM);
}

static const struct problem *
opened(const struct problem *problem, const struct flow *flow)
{
    if (problem != NULL)
        return problem;
    return text_eq(flow->tx.purpose, PURPOSE_CARD_LOST) && !text_is_empty(flow->tx.asked)
               ? NULL
               : &problem_transaction_order;
}

static const struct problem *
confirm_show(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "card_lost", WORD_card_lost_confirm_title, CONFIRM);
    bool used = false;
    const struct problem *problem = lost_link_look(rq->ctx, flow->tx.asked, &used);

    if (problem != NULL)
        return problem;
    page_flag(page, "done", used);
    page_flag(page, "confirm", !used);
    page_text(page, "home_url", "/");
    page_text(page, "leave_url", ""); /* home is where it leads to */
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_card_lost_confirm(struct request *rq)
{
    struct flow flow;
    const char *link = param(rq, "l");
    const struct problem *problem;

    if (link != NULL)
        return begin(rq, link);
    problem = opened(flow_open(rq, &flow), &flow);
    return problem != NULL ? problem : confirm_show(rq, &flow);
}

const struct problem *
endpoint_card_lost_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = opened(flow_open_form(rq, &flow), &flow);

    if (problem == NULL)
        problem = lost_link_use(rq->ctx, flow.tx.asked);
    return problem != NULL ? problem : flow_go(rq, &flow, CONFIRM);
}
