/* SPDX-License-Identifier: Apache-2.0 */
/* GET /login/wechat/bind: her WeChat is nobody's yet. GET and POST /login/wechat/confirm: she has
 * logged in, and says whether it is hers from now on. */
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/person/vault.h"
#include "policies/name.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/binding.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"
#include "protocols/login/ways/ways.h"

static const enum word places[WECHAT_APPS] = {
    [WECHAT_OFFICIAL] = WORD_wechat_place_official,
    [WECHAT_OPEN] = WORD_wechat_place_open,
    [WECHAT_MINI] = WORD_wechat_place_mini,
};

static const struct problem *
open_waiting(struct request *rq, struct flow *flow, struct binding *out)
{
    const struct problem *problem = flow_open(rq, flow);

    if (problem != NULL)
        return problem;
    return binding_find(rq, &flow->tx, out) ? NULL : &problem_transaction_order;
}

const struct problem *
endpoint_login_wechat_bind(struct request *rq)
{
    struct flow flow;
    struct binding binding;
    const struct problem *problem = open_waiting(rq, &flow, &binding);
    const struct way *here;
    struct page *page;

    if (problem != NULL)
        return problem;
    if (!text_is_empty(binding.number))
        return flow_go(rq, &flow, "/login/wechat/number");
    here = &ways[binding.app == WECHAT_OPEN ? WAY_WECHAT_QR : WAY_WECHAT];
    page = flow_page(rq, &flow, "wechat_bind", WORD_wechat_bind_title, "/login/wechat/bind");
    page_text(page, "nickname", binding.nickname);
    page_flag(page, "doubtful", binding.is_doubtful != 0);
    way_links(rq, &flow, here, page);
    return flow_answer(rq, &flow, page, NULL);
}

/* --- Is it hers? --- */

/* She has proven herself since, in this very flow. */
static bool
is_proven(const struct request *rq, const struct binding *binding)
{
    return rq->session->live && text_eq(binding->person_id, rq->session->row.subject.id);
}

/* Every time it is shown its form is a new one, for the person there is now. */
static const struct problem *
show(struct request *rq, struct flow *flow, const struct binding *binding)
{
    struct page *page;
    struct person person;
    enum err err = person_load(rq->ctx, binding->person_id, &person);

    flow->tx.shown_to = binding->person_id;
    if (err == OK)
        err = transaction_seal(rq->ctx, &flow->tx, &flow->sealed);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "wechat_confirm", WORD_wechat_confirm_title, BINDING_PATH);
    page_text(page, "name_masked", name_masked(rq->arena, person.name));
    page_text(page, "phone_masked", phone_masked(rq->arena, person.phone));
    page_text(page, "nickname", binding->nickname);
    page_word(page, "place", places[binding->app]);
    page_flag(page, "doubtful", binding->is_doubtful != 0);
    page_text(page, "cancel_action", ""); /* "not now" is one of the two answers */
    page_text(page, "leave_url", "");
    return flow_answer(rq, flow, page, NULL);
}

static const struct problem *
log_in_first(struct request *rq, const struct flow *flow)
{
    return flow_go(rq, flow, ways[WAY_PASSWORD].path);
}

const struct problem *
endpoint_login_wechat_confirm(struct request *rq)
{
    struct flow flow;
    struct binding binding;
    const struct problem *problem = open_waiting(rq, &flow, &binding);

    if (problem != NULL)
        return problem;
    return is_proven(rq, &binding) ? show(rq, &flow, &binding) : log_in_first(rq, &flow);
}

/* A mini program has asked for what she must agree to; with others that comes with their request. */
static const struct problem *
go_on(struct request *rq, struct flow *flow, bool bound)
{
    bool covered = true;
    enum err err = OK;

    binding_forget(rq, &flow->tx);
    if (!text_eq(flow->tx.purpose, PURPOSE_MINI))
        return flow_finish(rq, flow);
    if (!bound)
        return flow_refuse(rq, flow, "login");
    err = consent_covers(rq->ctx, flow->partner, rq->session->row.subject.id, flow->tx.scope,
                         &covered);
    if (err != OK)
        return problem_of(err);
    return covered ? flow_finish(rq, flow) : flow_go(rq, flow, "/consent");
}

static const struct problem *
decide(struct request *rq, struct flow *flow, const struct binding *binding)
{
    struct wechat_identity who = binding_identity(binding);
    bool binds = text_eq(param(rq, "decision"), "bind");
    const struct problem *problem = NULL;

    if (binds)
        problem = wechat_bind(rq->ctx, &who, binding->person_id);
    if (problem != NULL)
        return flow_show_again(rq, flow, BINDING_PATH, NULL, problem);
    return go_on(rq, flow, binds);
}

/* Pressed twice: what was asked is answered, and the same page comes. */
const struct problem *
endpoint_login_wechat_confirm_submit(struct request *rq)
{
    struct flow flow;
    struct binding binding;
    const struct problem *problem = flow_open_form(rq, &flow);
    bool waits;

    if (problem != NULL)
        return problem;
    waits = binding_find(rq, &flow.tx, &binding);
    if (!waits && text_is_empty(flow.tx.shown_to))
        return &problem_transaction_order;
    if (!rq->session->live)
        return log_in_first(rq, &flow);
    if (!text_eq(flow.tx.shown_to, rq->session->row.subject.id))
        return waits ? flow_show_again(rq, &flow, BINDING_PATH, NULL, &problem_another_person)
                     : log_in_first(rq, &flow);
    if (!waits)
        return go_on(rq, &flow, text_eq(param(rq, "decision"), "bind"));
    return is_proven(rq, &binding) ? decide(rq, &flow, &binding) : log_in_first(rq, &flow);
}
