/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /account/wechat: whether she can log in by WeChat, and no longer if she wants. */
#include "idp/base/text.h"
#include "idp/person/vault.h"
#include "idp/person/wechat_binding.h"
#include "idp/session/stop.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"

#define PATH "/account/wechat"
#define FRESH_S 300

/* By something of her own, a moment ago. */
static bool
is_fresh(const struct request *rq)
{
    const struct stored_session *session = &rq->session->row;

    return rq->now - session->auth_time <= FRESH_S && !text_list_within(session->amr, "wechat");
}

static const char *
since(struct request *rq, unix_s at)
{
    const char *compact = time_beijing_compact(rq->arena, at);

    return arena_printf(rq->arena, "%.4s-%.2s-%.2s", compact, compact + 4, compact + 6);
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    const char *person_id = rq->session->row.subject.id;
    struct external_identities list;
    struct person person;
    struct page *page;
    enum err err = person_load(rq->ctx, person_id, &person);

    if (err == OK)
        err = store_external_identity_list(rq->ctx->store, rq->arena, person_id, &list);
    if (err == OK)
        err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "account_wechat", WORD_account_wechat_title, PATH);
    page_text(page, "phone_masked", phone_masked(rq->arena, person.phone));
    if (list.count > 0)
        page_text(page, "since", since(rq, list.at[0].bound_at));
    else
        page_text(page, "leave_url", ""); /* home is where it leads to */
    if (list.count == 0) /* and there is nothing that somebody else's form could have done */
        flow->mistakes.count = 0;
    page_text(page, "home_url", "/");
    page_flag(page, "again", !is_fresh(rq));
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_account_wechat(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_WECHAT, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

/* Whoever had logged in by it is logged out; this session goes on. */
static const struct problem *
unbind(struct request *rq, const struct flow *flow)
{
    const struct stored_session *session = &rq->session->row;
    bool removed = false;
    enum err err = wechat_unbind(rq->ctx, session->subject.id, &removed);

    if (err == OK && removed)
        err = person_end(rq->ctx, session->subject.id,
                         &(struct person_ending) { "unbound", session->sid, TIME_NEVER });
    return err != OK ? problem_of(err) : flow_go(rq, flow, PATH);
}

const struct problem *
endpoint_account_wechat_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!text_eq(flow.tx.purpose, PURPOSE_WECHAT))
        return &problem_transaction_order;
    if (!rq->session->live)
        return flow_go(rq, &flow, "/login");
    if (!text_eq(flow.tx.shown_to, rq->session->row.subject.id))
        return flow_show_again(rq, &flow, PATH, NULL, &problem_another_person);
    return is_fresh(rq) ? unbind(rq, &flow) : own_page_log_in_again(rq, &flow);
}
