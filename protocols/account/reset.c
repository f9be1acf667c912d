/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /account/reset: where the link leads that a member of staff has had sent (docs/adr/0063); whoever reads the
 * messages of that telephone chooses her password, once.
 */
#include "idp/base/text.h"
#include "idp/session/renewal.h"
#include "idp/staff/reset_link.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"

#define PATH "/account/reset"

/* The flow carries the link's secret in place of a partner's request. */
static const struct problem *
begin(struct request *rq, const char *secret)
{
    struct flow flow = { .tx = { .purpose = PURPOSE_RESET, .asked = secret } };
    struct reset_link link;
    const struct problem *problem = reset_link_look(rq->ctx, secret, &link);

    if (problem == NULL)
        problem = flow_begin(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, PATH);
}

static const struct problem *
opened(const struct problem *problem, const struct flow *flow)
{
    if (problem != NULL)
        return problem;
    return text_eq(flow->tx.purpose, PURPOSE_RESET) && !text_is_empty(flow->tx.asked)
               ? NULL
               : &problem_transaction_order;
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "account_reset", WORD_reset_page_title, PATH);
    struct reset_link link;
    const struct problem *problem = reset_link_look(rq->ctx, flow->tx.asked, &link);

    if (problem != NULL)
        return problem;
    page_flag(page, "done", link.is_used);
    page_flag(page, "ask", !link.is_used);
    page_text(page, "phone_masked", phone_masked(rq->arena, link.phone));
    page_text(page, "phone", phone_national(link.phone));
    page_text(page, "login_url", "/login");
    page_text(page, "home_url", "/");
    page_text(page, "leave_url", ""); /* home is where it leads to */
    return flow_answer(rq, flow, page, "password");
}

const struct problem *
endpoint_account_reset(struct request *rq)
{
    struct flow flow;
    const char *secret = param(rq, "l");
    const struct problem *problem;

    if (secret != NULL)
        return begin(rq, secret);
    problem = opened(flow_open(rq, &flow), &flow);
    return problem != NULL ? problem : show(rq, &flow);
}

struct resetting {
    struct flow flow;
    struct reset_link link;
    struct renewal renewal;
    struct password_choice choice;
};

static const struct problem *
choose_end(struct request *rq, void *state)
{
    struct resetting *resetting = state;
    const struct problem *problem = renewal_end(rq->ctx, &resetting->renewal, &resetting->choice);
    enum err err;

    if (problem != NULL && problem != &problem_transaction_order)
        return flow_show_again(rq, &resetting->flow, PATH, "password", problem);
    if (problem == NULL) {
        err = reset_link_use(rq->ctx, resetting->flow.tx.asked);
        if (err != OK)
            return problem_of(err);
    }
    return flow_go(rq, &resetting->flow, PATH); /* which says what became of it */
}

/* `takes_over`: she has the telephone in her hand, and its number was told at the counter. */
static struct renewal
renewal_by(const struct reset_link *link)
{
    return (struct renewal) { .person_id = link->person_id,
                              .reason = "counter",
                              .phone = link->phone,
                              .takes_over = true,
                              .begun_at = link->made_at,
                              .but = "" };
}

static const struct problem *
choose_begin(struct request *rq, struct resetting *resetting)
{
    const char *password = param_typed(rq, "password");
    const struct problem *problem;

    resetting->renewal = renewal_by(&resetting->link);
    if (!text_eq(password, param_typed(rq, "password_again")))
        return flow_show_again(rq, &resetting->flow, PATH, "password_again",
                               &problem_password_differs);
    problem = password_renewal_begin(rq->ctx, resetting->link.person_id, resetting->link.phone,
                                     password != NULL ? password : "", &resetting->choice);
    if (problem != NULL)
        return flow_show_again(rq, &resetting->flow, PATH, "password", problem);
    return request_ask(rq, &ask_password_choice, &resetting->choice, choose_end, resetting);
}

const struct problem *
endpoint_account_reset_submit(struct request *rq)
{
    struct resetting *resetting = arena_alloc(rq->arena, sizeof(*resetting));
    struct flow *flow = &resetting->flow;
    const struct problem *problem = opened(flow_open_form(rq, flow), flow);

    if (problem == NULL)
        problem = reset_link_look(rq->ctx, flow->tx.asked, &resetting->link);
    if (problem != NULL)
        return problem;
    if (resetting->link.is_used) /* pressed twice */
        return flow_go(rq, flow, PATH);
    return choose_begin(rq, resetting);
}
