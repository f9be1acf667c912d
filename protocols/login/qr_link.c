/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /q/{code}: the link in a code, opened by a telephone's own camera instead of an app that is
 * logged in. GET and POST /q: the same in a flow of its own: whoever is logged in on the telephone
 * decides there (docs/adr/0048).
 */
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/person/vault.h"
#include "idp/session/qr_login.h"
#include "policies/name.h"
#include "policies/network.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"
#include "protocols/pages/words.h"

#define PATH "/q"

/* --- What is asked --- */

static const char *
partner_told(struct request *rq, const struct qr_code *code)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, code->partner_id);

    return partner != NULL ? partner_name(partner, rq->language)
                           : word(rq->language, WORD_service_name);
}

static const char *
browser_told(struct request *rq, const struct qr_code *code)
{
    const char *unknown = word(rq->language, WORD_qr_browser_unknown);

    if (text_is_empty(code->browser) && text_is_empty(code->system))
        return unknown;
    return arena_printf(rq->arena, "%s · %s", text_is_empty(code->browser) ? "?" : code->browser,
                        text_is_empty(code->system) ? "?" : code->system);
}

static void
question_add(struct request *rq, struct page *page, const struct qr_code *code,
             const struct person *person)
{
    bool near = text_eq(code->network, network_prefix(rq->arena, rq->ctx->address));

    page_flag(page, "asks", true);
    page_text(page, "person", name_masked(rq->arena, person->name));
    page_text(page, "partner", partner_told(rq, code));
    page_text(page, "browser", browser_told(rq, code));
    page_text(page, "shown_at", time_beijing_clock(rq->arena, code->created_at));
    page_word(page, "network", near ? WORD_qr_network_same : WORD_qr_network_other);
    page_flag(page, "far", !near);
}

/* --- The page --- */

static const struct problem *
ask(struct request *rq, struct flow *flow, const struct qr_code *code)
{
    const char *person_id = rq->session->row.subject.id;
    struct person person;
    struct page *page;
    enum err err = person_load(rq->ctx, person_id, &person);

    flow->tx.shown_to = person_id;
    if (err == OK)
        err = transaction_seal(rq->ctx, &flow->tx, &flow->sealed);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "qr_confirm", WORD_qr_confirm_title, PATH);
    question_add(rq, page, code, &person);
    return page_answer(rq, 200, page);
}

/* She has decided: there is nothing to do here any more. */
static const struct problem *
tell(struct request *rq, const struct flow *flow, const char *decision)
{
    struct page *page = flow_page(rq, flow, "qr_confirm", WORD_qr_confirm_title, PATH);

    page_flag(page, decision, true);
    page_text(page, "home_url", "/");
    page_text(page, "leave_url", "");
    return page_answer(rq, 200, page);
}

/* Nobody is logged in: how the code is meant to be used, and a way to go on without the app. */
static const struct problem *
lead(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "qr_confirm", WORD_qr_confirm_title, PATH);

    page_text(page, "login_url", flow_url(rq, flow, "/login"));
    return page_answer(rq, 200, page);
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    struct qr_code code;
    const struct problem *problem = qr_code_open(rq->ctx, flow->tx.asked, &code);

    if (problem == &problem_qr_unknown)
        return problem;
    if (rq->session->live && problem == NULL)
        problem = qr_judge(rq->ctx, &code, &rq->session->row);
    if (problem == &problem_qr_done)
        return tell(rq, flow, "done");
    if (text_eq(flow->tx.refusal, "qr"))
        return tell(rq, flow, "cancelled");
    if (problem != NULL)
        return problem;
    return rq->session->live ? ask(rq, flow, &code) : lead(rq, flow);
}

const struct problem *
endpoint_qr_link(struct request *rq)
{
    struct flow flow = { .tx = { .purpose = PURPOSE_QR, .asked = rq->path_part } };
    struct qr_code code;
    const struct problem *problem = qr_code_open(rq->ctx, rq->path_part, &code);

    if (problem == NULL)
        problem = flow_begin(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, PATH);
}

static const struct problem *
flow_check(const struct flow *flow)
{
    return text_eq(flow->tx.purpose, PURPOSE_QR) ? NULL : &problem_transaction_order;
}

const struct problem *
endpoint_qr_page(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem == NULL)
        problem = flow_check(&flow);
    return problem != NULL ? problem : show(rq, &flow);
}

/* --- Her word --- */

static const struct problem *
word_given(struct request *rq, const struct flow *flow, bool allow)
{
    struct qr_code code;
    const struct problem *problem = qr_code_open(rq->ctx, flow->tx.asked, &code);

    if (problem == NULL)
        problem = qr_scanned(rq->ctx, &code, &(struct qr_scan) { .by = &rq->session->row });
    if (problem == NULL)
        problem = qr_decide(rq->ctx, code.id, &rq->session->row, allow);
    return problem;
}

const struct problem *
endpoint_qr_submit(struct request *rq)
{
    struct flow flow;
    bool allow = text_eq(param(rq, "decision"), "allow");
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem == NULL)
        problem = flow_check(&flow);
    if (problem != NULL)
        return problem;
    /* Somebody else saw this page, or nobody is logged in any more: it is shown to who is there. */
    if (!rq->session->live)
        return flow_go(rq, &flow, PATH);
    if (!text_eq(flow.tx.shown_to, rq->session->row.subject.id)) {
        qr_not_hers(rq->ctx, &rq->session->row);
        return flow_go(rq, &flow, PATH);
    }
    problem = word_given(rq, &flow, allow);
    if (problem != NULL && problem != &problem_qr_done && !(problem == &problem_qr_over && !allow))
        return problem;
    return allow ? flow_finish(rq, &flow) : flow_refuse(rq, &flow, "qr");
}
