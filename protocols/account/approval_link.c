/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /approve: where the link of a text message leads. It shows what is asked; the answer needs
 * a login, unless the partner is one of the channel message: there to hold the phone is enough, for as
 * much as that channel is worth.
 */
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/session/backchannel_answer.h"
#include "protocols/account/approval_page.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"

#define PATH "/approve"

struct link_visit {
    struct flow flow;
    struct stored_pending row;
    struct approval_view view;
};

/* The flow carries the link's secret in place of a partner's request. */
static const struct problem *
question_find(struct request *rq, const char *link, struct link_visit *out)
{
    enum err err = backchannel_by_link(rq->ctx, link, &out->row);

    if (err == ERR_NOT_FOUND || (err == OK && !approval_view_make(rq, &out->row, &out->view)))
        return &problem_approval_over;
    return problem_of(err);
}

static const struct problem *
begin(struct request *rq, const char *link)
{
    struct link_visit visit = { .flow.tx = { .purpose = PURPOSE_APPROVAL, .asked = link } };
    const struct problem *problem = question_find(rq, link, &visit);

    if (problem == NULL)
        problem = flow_begin(rq, &visit.flow);
    return problem != NULL ? problem : flow_go(rq, &visit.flow, PATH);
}

static bool
phone_is_enough(const struct link_visit *visit)
{
    return text_eq(visit->view.partner->profile.channel, "message");
}

static const struct problem *
show(struct request *rq, struct link_visit *visit)
{
    struct page *page = flow_page(rq, &visit->flow, "approve", WORD_approvals_title, PATH);
    struct disclosure disclosure;
    enum err err = disclosure_load(rq->ctx, visit->row.person_id, "", &disclosure);

    if (err == ERR_NOT_FOUND)
        return &problem_approval_over;
    if (err != OK)
        return problem_of(err);
    approval_page_fill(rq, page, &visit->view, &disclosure);
    page_flag(page, "approved",
              visit->row.state == PENDING_APPROVED || visit->row.state == PENDING_TAKEN);
    page_flag(page, "refused", visit->row.state == PENDING_REFUSED);
    page_text(page, "leave_url", "");
    if (visit->row.state > PENDING_SEEN)
        page_text(page, "home_url", "/");
    else if (phone_is_enough(visit))
        page_flag(page, "here", true);
    else
        page_text(page, "login_url", flow_url(rq, &visit->flow, "/login"));
    return flow_answer(rq, &visit->flow, page, NULL);
}

static const struct problem *
opened(struct request *rq, const struct problem *problem, struct link_visit *visit)
{
    if (problem != NULL)
        return problem;
    if (!text_eq(visit->flow.tx.purpose, PURPOSE_APPROVAL) || text_is_empty(visit->flow.tx.asked))
        return &problem_transaction_order;
    return question_find(rq, visit->flow.tx.asked, visit);
}

const struct problem *
endpoint_approve(struct request *rq)
{
    struct link_visit visit;
    const char *link = param(rq, "l");
    const struct problem *problem;

    if (link != NULL)
        return begin(rq, link);
    problem = opened(rq, flow_open(rq, &visit.flow), &visit);
    return problem != NULL ? problem : show(rq, &visit);
}

/* She agrees to be known to the partner, and to nothing beyond (backchannel_redeem.c). */
static enum err
decide(struct request *rq, const struct link_visit *visit)
{
    const struct backchannel_word word = { &visit->row, &visit->view.asked, visit->row.person_id,
                                           "" };
    enum err err;

    partner_enter(rq->ctx, visit->view.partner);
    if (!text_eq(param(rq, "decision"), "allow"))
        return backchannel_refuse(rq->ctx, &word);
    err = consent_give(rq->ctx, visit->view.partner, word.person_id, "openid", NULL);
    return err == OK ? backchannel_approve(rq->ctx, &word) : err;
}

const struct problem *
endpoint_approve_submit(struct request *rq)
{
    struct link_visit visit;
    const struct problem *problem = opened(rq, flow_open_form(rq, &visit.flow), &visit);
    enum err err;

    if (problem != NULL)
        return problem;
    if (!phone_is_enough(&visit))
        return &problem_transaction_order;
    err = decide(rq, &visit);
    return err == OK || err == ERR_NOT_FOUND ? flow_go(rq, &visit.flow, PATH) : problem_of(err);
}
