/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /device/confirm, GET /device/done: whether a device may be logged in (RFC 8628, 3.3,
 * 5.4; RFC 9700, 4.7). */
#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/partner/terminal.h"
#include "idp/session/device_code.h"
#include "keys/secret.h"
#include "policies/channel.h"
#include "policies/network.h"
#include "policies/user_code.h"
#include "protocols/endpoints.h"
#include "protocols/flow/disclosure.h"
#include "protocols/login/device.h"

#define PATH "/device/confirm"
#define DONE "/device/done"

struct confirming {
    struct flow flow;
    struct device_request request;
};

/* --- What both sides begin with --- */

static const struct stored_session *
session_of(const struct request *rq)
{
    return &rq->session->row;
}

/* What she has said already stands, and is told again. */
static const struct problem *
decided(struct request *rq, struct confirming *confirming, const char *refusal)
{
    struct flow *flow = &confirming->flow;
    const struct problem *problem;

    flow->tx.refusal = confirming->request.row.state == PENDING_REFUSED ? refusal : "";
    flow->tx.agreed_by = session_of(rq)->subject.id;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, DONE);
}

static bool
is_decided(const struct confirming *confirming)
{
    int64_t state = confirming->request.row.state;

    return state != PENDING_OPEN && state != PENDING_SEEN;
}

static bool
is_told_at_the_code(const struct problem *problem)
{
    return problem == &problem_user_code_unknown || problem == &problem_user_code_guesses;
}

/* The answer, when there is nothing to decide here; NULL with no answer made otherwise. */
static const struct problem *
find(struct request *rq, struct confirming *confirming)
{
    struct flow *flow = &confirming->flow;
    const char *code = device_flow_code(rq, flow);
    const struct problem *problem;

    if (code == NULL)
        return flow_go(rq, flow, "/device");
    if (!rq->session->live)
        return flow_go(rq, flow, "/login");
    problem = device_code_find(rq->ctx, code, session_of(rq), &confirming->request);
    if (problem == NULL && !is_decided(confirming) &&
        !device_code_is_open_to(&confirming->request, session_of(rq)))
        return device_flow_ask_again(rq, flow, NULL, &problem_device_not_from_here);
    if (problem != NULL)
        return is_told_at_the_code(problem) ? device_flow_ask_again(rq, flow, "user_code", problem)
                                            : problem;
    return is_decided(confirming) ? decided(rq, confirming, "before") : NULL;
}

static bool
is_answered(const struct request *rq)
{
    return rq->response.status != 0;
}

/* --- The page --- */

static void
numbers_add(struct request *rq, const struct device_request *request, struct page *page)
{
    struct digest seed = digest_keyed_texts(
        &rq->ctx->keys->index, "device.numbers",
        base64url_encode(rq->arena, digest_view(&request->row.pending_id)), NULL);
    int choices[MATCH_CHOICES];

    match_choices((int)request->match_number, seed.bytes, choices);
    for (size_t i = 0; i < MATCH_CHOICES; i++)
        page_text(page_row(page, "numbers"), "number", arena_printf(rq->arena, "%d", choices[i]));
}

/* A terminal has a place, and telephones are hardly ever in its network. */
static bool
is_elsewhere(struct request *rq, const struct device_request *request)
{
    return request->match_number == 0 &&
           !text_eq(request->network, network_prefix(rq->arena, rq->ctx->address));
}

static enum err
place_add(struct request *rq, const struct device_request *request, struct page *page)
{
    const char *place;
    const char *agency;
    enum err err;

    if (text_is_empty(request->row.terminal_id))
        return OK;
    err = terminal_describe(rq->ctx, request->row.terminal_id, &place, &agency);
    if (err == OK)
        page_text(page, "place", arena_printf(rq->arena, "%s %s", agency, place));
    return err;
}

static enum err
about_device(struct request *rq, const struct device_request *request, struct page *page)
{
    page_text(page, "device_partner", partner_name(request->partner, rq->language));
    page_text(page, "asked_at", time_beijing_clock(rq->arena, request->row.created_at));
    page_flag(page, "elsewhere", is_elsewhere(rq, request));
    if (request->match_number != 0)
        numbers_add(rq, request, page);
    return place_add(rq, request, page);
}

static const struct problem *
show(struct request *rq, struct confirming *confirming)
{
    struct flow *flow = &confirming->flow;
    const struct device_request *request = &confirming->request;
    const char *person_id = session_of(rq)->subject.id;
    struct disclosure disclosure;
    struct page *page;
    enum err err = disclosure_load(rq->ctx, person_id, request->scope, &disclosure);

    flow->tx.shown_to = person_id;
    if (err == OK)
        err = transaction_seal(rq->ctx, &flow->tx, &flow->sealed);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "device_confirm", WORD_device_confirm_title, PATH);
    page_text(page, "account", disclosure_account(rq, &disclosure));
    page_text(page, "user_code", user_code_shown(rq->arena, device_flow_code(rq, flow)));
    err = about_device(rq, request, page);
    if (err != OK)
        return problem_of(err);
    disclosure_add(rq, page, request->scope, &disclosure);
    page_text(page, "leave_url", ""); /* to refuse is one of the answers */
    page_text(page, "until", time_beijing_clock(rq->arena, request->row.expires_at));
    page_flag(page, "may_extend", false); /* the device does not wait longer */
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_device_confirm(struct request *rq)
{
    struct confirming *confirming = arena_alloc(rq->arena, sizeof(*confirming));
    const struct problem *problem = flow_open(rq, &confirming->flow);

    if (problem == NULL)
        problem = device_flow_check(&confirming->flow);
    if (problem == NULL)
        problem = find(rq, confirming);
    if (problem != NULL || is_answered(rq))
        return problem;
    problem = device_code_see(rq->ctx, session_of(rq), &confirming->request);
    if (problem == &problem_user_code_unknown)
        return device_flow_ask_again(rq, &confirming->flow, "user_code", problem);
    return problem != NULL ? problem : show(rq, confirming);
}

/* --- Her word --- */

static const struct problem *
refuse(struct request *rq, struct confirming *confirming, const char *reason)
{
    const struct problem *problem =
        device_code_refuse(rq->ctx, session_of(rq), &confirming->request, reason);

    return problem != NULL ? problem : decided(rq, confirming, reason);
}

/* What it will receive stood on the page. */
static const struct problem *
allow(struct request *rq, struct confirming *confirming)
{
    const struct device_request *request = &confirming->request;
    struct digest form = flow_form_digest(rq);
    enum err err =
        consent_give(rq->ctx, request->partner, session_of(rq)->subject.id, request->scope, &form);
    const struct problem *problem;

    if (err != OK)
        return problem_of(err);
    problem = device_code_allow(rq->ctx, session_of(rq), &confirming->request);
    return problem != NULL ? problem : decided(rq, confirming, "before");
}

/* Neither yes nor no: the page again. */
static const struct problem *
decide(struct request *rq, struct confirming *confirming)
{
    const char *decision = param(rq, "decision");
    const char *number = param(rq, "number");
    int64_t right = confirming->request.match_number;

    if (text_eq(decision, "deny"))
        return refuse(rq, confirming, "declined");
    if (right == 0)
        return text_eq(decision, "allow") ? allow(rq, confirming)
                                          : flow_go(rq, &confirming->flow, PATH);
    if (number == NULL)
        return flow_go(rq, &confirming->flow, PATH);
    return text_eq(number, arena_printf(rq->arena, "%d", (int)right))
               ? allow(rq, confirming)
               : refuse(rq, confirming, "number");
}

/* Somebody else saw this page: it says nothing of who is logged in now. */
static const struct problem *
show_anew(struct request *rq, const struct flow *flow)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_DEVICE_REJECTED,
                                                 .reason = "another_person",
                                                 .subject = session_of(rq)->subject });
    return flow_go(rq, flow, PATH);
}

const struct problem *
endpoint_device_decide(struct request *rq)
{
    struct confirming *confirming = arena_alloc(rq->arena, sizeof(*confirming));
    const struct problem *problem = flow_open_form(rq, &confirming->flow);

    if (problem == NULL)
        problem = device_flow_check(&confirming->flow);
    if (problem == NULL && rq->session->live &&
        !text_eq(confirming->flow.tx.shown_to, session_of(rq)->subject.id))
        return show_anew(rq, &confirming->flow);
    if (problem == NULL)
        problem = find(rq, confirming);
    if (problem != NULL || is_answered(rq))
        return problem;
    problem = decide(rq, confirming);
    return problem == &problem_user_code_unknown
               ? device_flow_ask_again(rq, &confirming->flow, "user_code", problem)
               : problem;
}

/* --- The end --- */

const struct problem *
endpoint_device_done(struct request *rq)
{
    struct flow flow;
    struct page *page;
    bool refused;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem == NULL)
        problem = device_flow_check(&flow);
    if (problem != NULL)
        return problem;
    if (text_is_empty(flow.tx.agreed_by))
        return flow_go(rq, &flow, PATH);
    refused = !text_is_empty(flow.tx.refusal);
    page = flow_page(rq, &flow, "device_done",
                     refused ? WORD_device_refused_title : WORD_device_done_title, DONE);
    page_flag(page, "refused", refused);
    page_text(page, "leave_url", "");
    page_text(page, "home_url", "/");
    page_flag(page, "wrong_number", text_eq(flow.tx.refusal, "number"));
    return page_answer(rq, 200, page);
}
