/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/flow.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "protocols/flow/binding.h"
#include "protocols/flow/purpose.h"
#include "protocols/flow/transactions.h"
#include "protocols/http/browser_state.h"
#include "protocols/http/cookies.h"
#include "protocols/http/device_cookie.h"
#include "protocols/http/language.h"
#include "protocols/http/respond.h"

static const struct problem *
refused(struct request *rq, const char *reason, const struct problem *problem)
{
    bool consent = text_eq(rq->path, "/consent");

    audit_note(rq->ctx, &(struct audit_record) { .event = consent ? AUDIT_CONSENT_REJECTED
                                                                  : AUDIT_LOGIN_REJECTED,
                                                 .reason = reason });
    return problem;
}

/* The language it began in, until the person chooses another. One that only a newer version speaks
 * gives way to what the browser asks for. */
static const struct problem *
language_keep(struct request *rq, struct flow *flow)
{
    if (param(rq, "ui_locales") == NULL) {
        language_of_tag(flow->tx.language, strlen(flow->tx.language), &rq->language);
        return NULL;
    }
    flow->tx.language = languages[rq->language].tag;
    return flow_reseal(rq, flow);
}

static const struct problem *
flow_ready(struct request *rq, struct flow *flow)
{
    const char *partner_id = flow->tx.partner_id;
    const struct problem *problem = language_keep(rq, flow);

    if (problem != NULL)
        return problem;
    if (purpose_find(flow->tx.purpose) == NULL)
        return &problem_transaction_lost;
    if (text_is_empty(partner_id))
        return NULL;
    flow->partner = registry_find(rq->ctx->services->registry, partner_id);
    if (flow->partner == NULL)
        return &problem_client_unknown;
    if (flow->tx.created_at < flow->partner->since) /* another's, of the same name (ADR 0013) */
        return &problem_transaction_lost;
    partner_enter(rq->ctx, flow->partner);
    rq->ctx->partner_name = partner_name(flow->partner, LANGUAGE_ZH_CN); /* as templates are */
    return NULL;
}

static const char *
way_on(struct request *rq, const struct flow *flow)
{
    const struct purpose *purpose = purpose_find(flow->tx.purpose);

    if (purpose == NULL)
        return NULL;
    return flow_url(rq, flow, purpose->reads_outcome ? purpose->resume : "/login");
}

const char *
flow_way_on(struct request *rq, const char *sealed)
{
    struct flow flow = { .sealed = sealed };

    if (sealed == NULL || transaction_peek(rq->ctx, sealed, &flow.tx) != OK ||
        !transaction_is_bound(rq->ctx, &flow.tx,
                              cookie_find(rq, transaction_cookie_name(rq, &flow.tx))))
        return NULL;
    return way_on(rq, &flow);
}

static const struct problem *
flow_read(struct request *rq, struct flow *flow)
{
    const struct problem *problem = flow_ready(rq, flow);

    if (problem != NULL)
        return problem;
    rq->stop = (struct stop) { flow->partner, way_on(rq, flow) };
    if (!text_eq(rq->method, "POST"))
        mistake_find(rq, &flow->tx, &flow->mistakes);
    return NULL;
}

/* Nothing of it may be done here, nor told but whom it is for. */
static const struct problem *
not_of_this_browser(struct request *rq, const struct flow *flow, const char *reason)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, flow->tx.partner_id);

    if (partner != NULL && flow->tx.created_at >= partner->since)
        rq->stop.partner = partner;
    return reason != NULL ? refused(rq, reason, &problem_transaction_lost)
                          : &problem_transaction_lost;
}

static const struct problem *
open_sealed(struct request *rq, const char *sealed, struct flow *out)
{
    enum err err;

    *out = (struct flow) { .sealed = sealed };
    if (out->sealed == NULL)
        return &problem_transaction_lost;
    err = transaction_peek(rq->ctx, out->sealed, &out->tx);
    if (err != OK && err != ERR_EXPIRED)
        return refused(rq, "tx_tamper", &problem_transaction_lost);
    out->has_expired = err == ERR_EXPIRED;
    out->cookie = cookie_find(rq, transaction_cookie_name(rq, &out->tx));
    if (!transaction_is_honoured(rq->ctx, &out->tx))
        return not_of_this_browser(rq, out, NULL);
    if (!transaction_is_bound(rq->ctx, &out->tx, out->cookie))
        return not_of_this_browser(rq, out, out->has_expired ? NULL : "tx_cookie");
    return flow_read(rq, out);
}

const struct problem *
flow_open_expired(struct request *rq, struct flow *out)
{
    return open_sealed(rq, param(rq, "tx"), out);
}

struct flow
flow_anew(struct request *rq, const struct flow *expired)
{
    struct flow flow = { .cookie = expired->cookie };

    transaction_renew(rq->ctx, &expired->tx, &flow.tx);
    return flow;
}

/* Where its request begins anew: that of a partner is judged as if it were asked now. */
static const struct problem *
begin_anew(struct request *rq, const struct flow *expired)
{
    const struct purpose *purpose = purpose_find(expired->tx.purpose);
    const struct problem *problem;
    struct flow flow;

    if (purpose->judges_anew) {
        problem = flow_go(rq, expired, purpose->resume);
    } else {
        flow = flow_anew(rq, expired);
        flow.tx.purpose = expired->tx.purpose;
        problem = flow_begin(rq, &flow);
        if (problem == NULL)
            problem = flow_go(rq, &flow, purpose_own_page(rq->path));
    }
    return problem != NULL ? problem : &problem_answered;
}

const struct problem *
flow_open(struct request *rq, struct flow *out)
{
    const struct problem *problem = flow_open_expired(rq, out);

    return problem == NULL && out->has_expired ? begin_anew(rq, out) : problem;
}

const struct problem *
flow_open_kept(struct request *rq, const char *sealed, struct flow *out)
{
    const struct problem *problem = open_sealed(rq, sealed, out);

    return problem == NULL && out->has_expired ? begin_anew(rq, out) : problem;
}

const struct problem *
flow_begin(struct request *rq, struct flow *flow)
{
    if (flow->cookie == NULL)
        return transaction_start(rq, &flow->tx, &flow->cookie, &flow->sealed);
    transaction_cookie_keep(rq, &flow->tx, flow->cookie); /* begun anew */
    return flow_reseal(rq, flow);
}

static bool
csrf_fits(struct request *rq, const struct flow *flow)
{
    const char *presented = param(rq, "csrf");
    struct digest expected;
    struct digest given;

    if (presented == NULL)
        return false;
    expected = digest_of_text(transaction_csrf(rq->ctx, &flow->tx, flow->cookie));
    given = digest_of_text(presented);
    return digest_eq(&expected, &given);
}

/* What she has typed is there again on the page that comes instead, when it is the same one. */
static const struct problem *
form_expired(struct request *rq, const struct flow *flow)
{
    const struct mistakes told = { .at = { { NULL, &problem_page_expired } }, .count = 1 };
    const struct problem *problem = mistake_keep(rq, &flow->tx, rq->path, &told);

    return problem != NULL ? problem : begin_anew(rq, flow);
}

/* She asks for more time: the same page with what she has typed, and nothing is done. */
static const struct problem *
form_gets_time(struct request *rq, struct flow *flow)
{
    const struct problem *problem;

    transaction_extend(rq->ctx, &flow->tx);
    problem = flow_reseal(rq, flow);
    if (problem == NULL)
        problem = flow_show_again(rq, flow, rq->path, NULL, NULL);
    transaction_cookie_keep(rq, &flow->tx, flow->cookie);
    return problem != NULL ? problem : &problem_answered;
}

const struct problem *
flow_open_form(struct request *rq, struct flow *out)
{
    const struct problem *problem = flow_open_expired(rq, out);
    struct digest form;

    if (problem != NULL)
        return problem;
    if (!csrf_fits(rq, out))
        return refused(rq, "csrf", &problem_form_forged);
    if (out->has_expired)
        return form_expired(rq, out);
    if (param(rq, "more_time") != NULL)
        return form_gets_time(rq, out);
    out->tx.again = 0; /* she has been told */
    device_cookie_read(rq);
    mistake_forget(rq, &out->tx);
    form = digest_keyed_texts(&rq->ctx->keys->index, "form.whole",
                              params_pack(rq->arena, &rq->form), NULL);
    rq->ctx->form = base64url_encode(rq->arena, digest_view(&form));
    return NULL;
}

const struct problem *
flow_reseal(struct request *rq, struct flow *flow)
{
    return problem_of(transaction_seal(rq->ctx, &flow->tx, &flow->sealed));
}

struct digest
flow_form_digest(const struct request *rq)
{
    return digest_keyed_texts(&rq->ctx->keys->index, "form", param(rq, "tx"), NULL);
}

const char *
flow_url(struct request *rq, const struct flow *flow, const char *path)
{
    return arena_printf(rq->arena, "%s?tx=%s", path, flow->sealed);
}

const struct problem *
flow_go(struct request *rq, const struct flow *flow, const char *path)
{
    return respond_redirect(rq, flow_url(rq, flow, path));
}

const struct problem *
flow_begin_own(struct request *rq)
{
    struct flow flow = { .tx.purpose = PURPOSE_OWN };
    const struct problem *problem = flow_begin(rq, &flow);

    if (problem != NULL)
        return problem;
    return respond_redirect(
        rq, arena_printf(rq->arena, "%s%s", flow_url(rq, &flow, rq->path), language_carried(rq)));
}

const struct problem *
flow_show_again(struct request *rq, const struct flow *flow, const char *path, const char *field,
                const struct problem *told)
{
    struct mistakes mistakes = { .count = 0 };

    mistake_add(&mistakes, field, told);
    return flow_show_mistakes(rq, flow, path, &mistakes);
}

const struct problem *
flow_show_mistakes(struct request *rq, const struct flow *flow, const char *path,
                   const struct mistakes *mistakes)
{
    const struct problem *problem = mistake_keep(rq, &flow->tx, path, mistakes);

    return problem != NULL ? problem : flow_go(rq, flow, path);
}

const struct problem *
flow_go_to_code(struct request *rq, const struct flow *flow, const char *path, bool again)
{
    return respond_redirect(
        rq, arena_printf(rq->arena, "%s%s", flow_url(rq, flow, path), again ? "&again=1" : ""));
}

static const struct problem *
flow_end(struct request *rq, struct flow *flow, enum outcome outcome, const char *refusal)
{
    const struct purpose *purpose = purpose_find(flow->tx.purpose);
    const struct problem *problem;

    if (!purpose->reads_outcome) {
        cookie_clear(rq, transaction_cookie_name(rq, &flow->tx));
        return respond_redirect(
            rq, arena_printf(rq->arena, "%s%s", purpose->resume,
                             flow->tx.enrolment == ENROLMENT_REGISTERED ? "?registered=1" : ""));
    }
    flow->tx.outcome = outcome;
    flow->tx.refusal = refusal;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, purpose->resume);
}

const struct problem *
flow_finish(struct request *rq, struct flow *flow)
{
    return flow_end(rq, flow, OUTCOME_FINISHED, "");
}

const struct problem *
flow_refuse(struct request *rq, struct flow *flow, const char *refusal)
{
    return flow_end(rq, flow, OUTCOME_REFUSED, refusal);
}

const struct problem *
flow_renew_session(struct request *rq, struct flow *flow, const struct proof *proof)
{
    struct session present;
    struct session session;
    struct proof once = *proof;
    const char *cookie;
    enum err err = session_load(rq->ctx, cookie_find(rq, "session"), &present);

    once.once = arena_printf(rq->arena, "%s %s", flow->tx.id, flow->cookie);
    if (!proof->renewed)
        once.begun_at = flow->tx.created_at;
    if (err == OK)
        err = device_cookie_settle(rq);
    if (err == OK)
        err = session_begin(rq->ctx, &present, &once, &session, &cookie);
    if (err == ERR_CONFLICT) /* logged out since; what was proven is used up */
        return &problem_transaction_order;
    if (err == ERR_EXPIRED)
        return refused(rq, "late", &problem_transaction_lost);
    if (err != OK)
        return problem_of(err);
    cookie_set(rq, "session", cookie, 0);
    browser_state_keep(rq, session.row.sid);
    device_cookie_keep(rq, proof->phone);
    flow->tx.shown_to = session.row.subject.id;
    return NULL;
}

/* What somebody else says of her is no fresh proof. */
static const struct problem *
binding_go_on(struct request *rq, struct flow *flow, const struct proof *proof,
              struct binding *waiting)
{
    const struct problem *problem;

    if (proof->lent_by == NULL && !text_eq(proof->amr, "wechat"))
        waiting->person_id = proof->person_id;
    problem = binding_keep(rq, &flow->tx, waiting);
    if (problem == NULL)
        problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, BINDING_PATH);
}

const struct problem *
flow_log_in(struct request *rq, struct flow *flow, const struct proof *proof)
{
    const struct problem *problem = flow_renew_session(rq, flow, proof);
    struct binding waiting;

    if (problem != NULL)
        return problem;
    if (binding_find(rq, &flow->tx, &waiting))
        return binding_go_on(rq, flow, proof, &waiting);
    return flow_finish(rq, flow);
}

/* The time on the clock of those who read it, and a button for more of it (WCAG 2.2, 2.2.1). */
static void
end_announce(struct request *rq, const struct flow *flow, struct page *page)
{
    page_text(page, "until", time_beijing_clock(rq->arena, transaction_end(rq->ctx, &flow->tx)));
    page_flag(page, "may_extend", transaction_may_extend(rq->ctx, &flow->tx));
}

struct page *
flow_page(struct request *rq, const struct flow *flow, const char *template, enum word title,
          const char *action)
{
    struct page *page = page_new(rq, template, title);

    page_add_script(page);
    page_text(page, "action", action);
    page_text(page, "tx", flow->sealed);
    page_text(page, "csrf", transaction_csrf(rq->ctx, &flow->tx, flow->cookie));
    page_languages(page, action, flow->sealed);
    end_announce(rq, flow, page);
    if (flow->tx.again != 0 && flow->mistakes.count == 0)
        page_word(page, "notice", WORD_begun_anew);
    if (flow->partner != NULL) {
        page_flag(page, "has_partner", true);
        page_text(page, "partner_name", partner_name(flow->partner, rq->language));
        page_text(page, "cancel_action", rq->at_staff ? "/staff/enter/cancel" : "/login/cancel");
        page_allow_form_target(page, flow->tx.returns_to);
    } else {
        page_text(page, "leave_url", "/");
    }
    return page;
}

const struct problem *
flow_answer(struct request *rq, const struct flow *flow, struct page *page, const char *field)
{
    const struct mistakes *mistakes = &flow->mistakes;

    for (size_t i = 0; i < mistakes->count; i++) {
        const struct mistake *mistake = &mistakes->at[i];

        page_field_problem(page, mistake->field != NULL ? mistake->field : field, mistake->problem);
    }
    return page_answer(rq, mistakes->count > 0 ? mistakes->at[0].problem->status : 200, page);
}
