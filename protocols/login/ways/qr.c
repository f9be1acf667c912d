/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /login/qr: a code that the app on her telephone scans. GET /login/qr/status: what became of it,
 * for the page's script. POST /login/qr: it was allowed there; the flow goes on here. Nothing is
 * stored until somebody scans (docs/adr/0048).
 */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/qr_login.h"
#include "protocols/endpoints.h"
#include "protocols/flow/transactions.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/login/ways/ways.h"

/* Without script the page comes anew so often. */
#define REFRESH_S "5"

static const struct way *const here = &ways[WAY_QR];

/* --- The page --- */

/* A code that this page has shown, of this very flow; else a fresh one. */
static const struct problem *
code_shown(struct request *rq, const struct flow *flow, const char **text, enum qr_state *state)
{
    struct qr_code code;
    enum err err = OK;

    *text = param(rq, "code");
    *state = QR_OVER;
    if (qr_code_open(rq->ctx, *text, &code) != &problem_qr_unknown && text_eq(code.tx, flow->tx.id))
        err = qr_state_find(rq->ctx, &code, state);
    if (err == OK && *state == QR_OVER) {
        *state = QR_WAITING;
        err = qr_code_new(rq->ctx, flow->tx.id, rq->headers.user_agent, text);
    }
    return problem_of(err);
}

static void
state_show(struct request *rq, const struct flow *flow, struct page *page, const char *text,
           enum qr_state state)
{
    const char *fresh = flow_url(rq, flow, here->path);
    const char *same = arena_printf(rq->arena, "%s&code=%s", fresh, text);

    page_text(page, "code", text);
    page_text(page, "fresh_url", fresh);
    page_flag(page, qr_state_name(state), true);
    if (state == QR_WAITING)
        page_qr(page, arena_printf(rq->arena, "%s/q/%s", rq->ctx->settings->server.issuer, text));
    if (state != QR_WAITING && state != QR_SCANNED)
        return;
    page_refresh(page, same, REFRESH_S);
    page_text(page, "state", qr_state_name(state));
    page_text(page, "status_url",
              arena_printf(rq->arena, "%s&code=%s", flow_url(rq, flow, "/login/qr/status"), text));
    page_text(page, "same_url", same);
    page_allow_own_calls(page);
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    const char *text;
    enum qr_state state;
    const struct problem *problem = code_shown(rq, flow, &text, &state);
    struct page *page;

    if (problem != NULL)
        return problem;
    page = flow_page(rq, flow, "login_qr", WORD_login_qr_title, here->path);
    way_links(rq, flow, here, page);
    state_show(rq, flow, page, text, state);
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_login_qr(struct request *rq)
{
    struct flow flow;
    const struct problem *problem;

    if (param(rq, "tx") == NULL)
        return flow_begin_own(rq);
    problem = flow_open(rq, &flow);
    if (problem == NULL)
        problem = way_check_for(rq, &flow, here);
    return problem != NULL ? problem : show(rq, &flow);
}

/* --- Going on --- */

const struct problem *
endpoint_login_qr_submit(struct request *rq)
{
    struct flow flow;
    struct qr_code code;
    struct proof proof;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem == NULL)
        problem = way_check_for(rq, &flow, here);
    if (problem != NULL)
        return problem;
    problem = qr_code_open(rq->ctx, param(rq, "code"), &code);
    if (problem == &problem_qr_unknown || !text_eq(code.tx, flow.tx.id))
        return flow_show_again(rq, &flow, here->path, NULL, &problem_qr_over);
    problem = qr_take(rq->ctx, &code, &proof);
    if (problem != NULL)
        return flow_show_again(rq, &flow, here->path, NULL, problem);
    return way_log_in(rq, &flow, here, &proof);
}

/* --- What became of it --- */

/* The code of the flow of this browser, which its cookie shows. */
static const struct problem *
code_of_browser(struct request *rq, struct qr_code *code)
{
    const char *sealed = param(rq, "tx");
    const char *text = param(rq, "code");
    struct transaction tx;
    enum err err;

    if (sealed == NULL || text == NULL)
        return &problem_transaction_lost;
    if (qr_code_open(rq->ctx, text, code) == &problem_qr_unknown)
        return &problem_qr_unknown;
    rq->ctx->partner_id = code->partner_id;
    err = transaction_peek(rq->ctx, sealed, &tx);
    if (err != OK && err != ERR_EXPIRED)
        return &problem_qr_unknown;
    if (!text_eq(code->tx, tx.id) ||
        !transaction_is_bound(rq->ctx, &tx, cookie_find(rq, transaction_cookie_name(rq, &tx))))
        return qr_not_here(rq->ctx);
    return NULL;
}

const struct problem *
endpoint_login_qr_status(struct request *rq)
{
    struct buf json = buf_new(rq->arena, 64);
    struct qr_code code;
    enum qr_state state;
    const struct problem *problem = code_of_browser(rq, &code);
    enum err err;

    if (problem != NULL)
        return problem;
    err = qr_state_find(rq->ctx, &code, &state);
    if (err != OK)
        return problem_of(err);
    emit_object(&json, NULL);
    emit_text(&json, "state", qr_state_name(state));
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}
