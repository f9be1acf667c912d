/* SPDX-License-Identifier: Apache-2.0 */
/* GET /login/wechat/mini: a mini program has opened our page, or she is done there. GET and POST
 * /login/wechat/number: the number that it shows. */
#include "idp/base/text.h"
#include "idp/session/mini_ticket.h"
#include "policies/typed.h"
#include "protocols/endpoints.h"
#include "protocols/flow/binding.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"

#define NUMBER_PATH "/login/wechat/number"
#define NUMBER_ROOM 16

/* --- Coming from the mini program --- */

static const struct problem *
ticket_take(struct request *rq, struct mini_ticket *out)
{
    enum err err = mini_ticket_open(rq->ctx, param(rq, "ticket"), out);

    if (err == OK)
        err = mini_ticket_spend(rq->ctx, out);
    return err == ERR_FORGED || err == ERR_EXPIRED || err == ERR_CONFLICT ? &problem_wechat_ticket
                                                                          : problem_of(err);
}

static struct binding
binding_of(const struct mini_ticket *ticket)
{
    return (struct binding) { .app = WECHAT_MINI,
                              .openid = ticket->openid,
                              .unionid = ticket->unionid,
                              .unionid_was_due = true,
                              .nickname = "",
                              .number = ticket->number,
                              .person_id = "",
                              .is_doubtful = ticket->is_doubtful };
}

static const struct problem *
begin(struct request *rq)
{
    struct mini_ticket ticket;
    struct binding binding;
    struct flow flow = { .tx.purpose = PURPOSE_MINI };
    const struct problem *problem = ticket_take(rq, &ticket);

    if (problem != NULL)
        return problem;
    flow.tx.partner_id = ticket.partner_id;
    flow.tx.scope = ticket.scope;
    binding = binding_of(&ticket);
    problem = flow_begin(rq, &flow);
    if (problem == NULL)
        problem = binding_keep(rq, &flow.tx, &binding);
    return problem != NULL ? problem : flow_go(rq, &flow, NUMBER_PATH);
}

/* --- And done there --- */

static const struct problem *
show_end(struct request *rq, const struct flow *flow)
{
    struct page *page =
        flow_page(rq, flow, "wechat_done", WORD_wechat_mini_title, "/login/wechat/mini");

    page_flag(page, "done", flow->tx.outcome == OUTCOME_FINISHED);
    page_text(page, "cancel_action", "");
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_login_wechat_mini(struct request *rq)
{
    struct flow flow;
    const struct problem *problem;

    if (param(rq, "ticket") != NULL)
        return begin(rq);
    problem = flow_open(rq, &flow);
    if (problem != NULL)
        return problem;
    if (!text_eq(flow.tx.purpose, PURPOSE_MINI))
        return &problem_transaction_order;
    return flow.tx.outcome == OUTCOME_NONE ? flow_go(rq, &flow, "/login/wechat/bind")
                                           : show_end(rq, &flow);
}

/* --- The number --- */

const struct problem *
endpoint_login_wechat_number(struct request *rq)
{
    struct page *page;
    struct flow flow;
    struct binding binding;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!binding_find(rq, &flow.tx, &binding))
        return &problem_transaction_order;
    if (text_is_empty(binding.number))
        return flow_go(rq, &flow, "/login/wechat/bind");
    page = flow_page(rq, &flow, "wechat_number", WORD_wechat_number_title, NUMBER_PATH);
    page_text(page, "number", param_typed(rq, "number"));
    return flow_answer(rq, &flow, page, NULL);
}

static bool
number_fits(const char *typed, const char *number)
{
    char digits[NUMBER_ROOM];

    return typed != NULL && typed_ascii(typed, digits, sizeof(digits)) && text_eq(digits, number);
}

/* Who did not see the mini program does not know it; how often she tries is all one, for nobody
 * gains by a guess but she. */
const struct problem *
endpoint_login_wechat_number_submit(struct request *rq)
{
    struct flow flow;
    struct binding binding;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!binding_find(rq, &flow.tx, &binding))
        return &problem_transaction_order;
    if (!text_is_empty(binding.number) && !number_fits(param(rq, "number"), binding.number))
        return flow_show_again(rq, &flow, NUMBER_PATH, "number", &problem_wechat_number_wrong);
    binding.number = "";
    problem = binding_keep(rq, &flow.tx, &binding);
    return problem != NULL ? problem : flow_go(rq, &flow, "/login/wechat/bind");
}
