/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/grants/exchange_acting.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/card/scan.h"
#include "idp/session/token.h"
#include "idp/tables/spent.h"
#include "policies/card_state.h"
#include "policies/channel.h"
#include "protocols/oauth2/grants/grants.h"

#define APPROVAL_FRESH_S 300

/* --- What all share --- */

const struct problem *
acting_asking_read(struct request *rq, struct acting_asking *out)
{
    const struct acting_shown shown = { rq->partner, param(rq, "actor_token"), rq->proof_key };
    const char *audience = param(rq, "audience");
    const struct problem *problem;

    if ((audience != NULL && !text_eq(audience, rq->ctx->settings->server.issuer)) ||
        param(rq, "resource") != NULL)
        return &problem_exchange_target_invalid;
    problem = acting_actor_open(rq->ctx, &shown, &out->actor);
    if (problem != NULL)
        return problem;
    out->order = (struct acting_order) { .sitting = &out->actor.sitting,
                                         .partner = rq->partner,
                                         .business = param(rq, "business"),
                                         .reason = param(rq, "reason") };
    out->wish = (struct acting_wish) { .scope = param(rq, "scope"),
                                       .bound_key = rq->proof_key != NULL ? rq->proof_key : "",
                                       .sub = out->actor.sub };
    return NULL;
}

const struct problem *
acting_answer(struct request *rq, const struct stored_grant *grant)
{
    return answer_tokens(rq, &(struct token_answer) { .approval = &grant->approval,
                                                      .grant = grant,
                                                      .scope = grant->approval.scope,
                                                      .nonce = "",
                                                      .issued_token_type = TOKEN_TYPE_ACCESS });
}

const struct problem *
acting_asking_begin(struct request *rq, const struct acting_asking *asking)
{
    struct stored_grant grant;
    const struct problem *problem =
        acting_begin_with_grant(rq->ctx, &asking->order, &asking->wish, &grant);

    return problem != NULL ? problem : acting_answer(rq, &grant);
}

/* --- Of a card code --- */

static const struct problem *
code_told(struct ctx *ctx, void *state, enum err err)
{
    const struct problem *problem = card_scan_end(ctx, state, err);

    return problem != NULL ? card_code_told(problem) : NULL;
}

static void
code_order(struct request *rq, struct acting_order *order, struct card_scan *scan)
{
    const struct approval shown = approval_of_session(&scan->session);

    order->person_id = scan->holder_id;
    order->proof = ACTING_BY_CODE;
    order->acr = shown.acr;
    order->amr = text_list_union(rq->arena, shown.amr, CARD_CODE_METHOD);
    order->auth_time = shown.auth_time;
    order->take = card_scan_take;
    order->told = code_told;
    order->state = scan;
}

const struct problem *
exchange_acting_code(struct request *rq)
{
    const struct card_scan_order order = { .code = param(rq, "subject_token"),
                                           .partner = rq->partner,
                                           .purpose = CARD_PURPOSE_serve };
    struct acting_asking asking;
    struct card_scan scan;
    const struct business *business;
    const struct problem *problem = acting_asking_read(rq, &asking);

    if (problem == NULL) /* whoever may not is not told whether the code is good */
        problem = acting_business(rq->ctx, &asking.order, &business);
    if (problem != NULL)
        return problem;
    problem = card_scan_begin(rq->ctx, &order, &scan);
    if (problem == NULL)
        problem = card_scan_look(rq->ctx, &scan);
    if (problem != NULL)
        return card_code_told(problem);
    code_order(rq, &asking.order, &scan);
    return acting_asking_begin(rq, &asking);
}

/* --- Of her approval on the telephone --- */

static const struct problem *
approval_refused(struct request *rq, const char *reason)
{
    return acting_rejected(rq->ctx, reason, &problem_acting_approval);
}

/* Of a session at counters that another of hers has lent: nobody has its cookie, and only a telephone that agrees makes one. */
static enum err
is_agreed(struct request *rq, const struct stored_grant *grant, bool *out)
{
    struct stored_session row;
    enum err err = store_session_load(rq->ctx->store, rq->arena, grant->approval.sid, &row);

    *out = err == OK && text_eq(row.channel, channels[CHANNEL_counter].name) &&
           !text_is_empty(row.lent_by) && row.ended_at == 0;
    return err == ERR_NOT_FOUND ? OK : err;
}

static bool
is_fresh(const struct request *rq, const struct stored_grant *grant)
{
    return grant->ended_at == 0 && subject_is_person(grant->approval.subject) &&
           text_is_empty(grant->approval.actor) && grant->created_at + APPROVAL_FRESH_S > rq->now;
}

static const struct problem *
approval_take(struct request *rq, struct stored_grant *out)
{
    const char *partner_id = rq->partner->profile.partner_id;
    struct access access;
    bool agreed = false;
    enum err err;

    if (access_token_open(rq->ctx, param(rq, "subject_token"), &access) != OK ||
        !text_eq(access.client_id, partner_id) || text_is_empty(access.grant_id) ||
        (!text_is_empty(access.bound_key) && !text_eq(access.bound_key, rq->proof_key)))
        return approval_refused(rq, "approval");
    err = store_grant_load(rq->ctx->store, rq->arena, access.grant_id, out);
    if (err == OK && is_fresh(rq, out))
        err = is_agreed(rq, out, &agreed);
    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    return agreed ? NULL : approval_refused(rq, "approval");
}

/* One approval, one acting. */
static enum err
approval_spend(struct ctx *ctx, void *state)
{
    const struct stored_grant *grant = state;
    struct digest id =
        digest_keyed_texts(&ctx->keys->index, "acting.approval", grant->grant_id, NULL);

    return store_spent_insert(ctx->store, &id, "", grant->created_at + 2 * APPROVAL_FRESH_S);
}

static const struct problem *
approval_told(struct ctx *ctx, void *state, enum err err)
{
    (void)state;
    if (err == ERR_CONFLICT)
        return acting_rejected(ctx, "replayed", &problem_acting_approval);
    return problem_of(err);
}

const struct problem *
exchange_acting_approval(struct request *rq)
{
    struct acting_asking asking;
    struct stored_grant grant = { .ended_at = 0 };
    const struct problem *problem = acting_asking_read(rq, &asking);

    if (problem == NULL)
        problem = approval_take(rq, &grant);
    if (problem != NULL)
        return problem;
    asking.order.person_id = grant.approval.subject.id;
    asking.order.proof = ACTING_BY_APPROVAL;
    asking.order.acr = grant.approval.acr;
    asking.order.amr = grant.approval.amr;
    asking.order.auth_time = grant.approval.auth_time;
    asking.order.take = approval_spend;
    asking.order.told = approval_told;
    asking.order.state = &grant;
    return acting_asking_begin(rq, &asking);
}

/* --- Of what was begun on a staff page --- */

const struct problem *
exchange_acting_handle(struct request *rq)
{
    struct acting_asking asking;
    struct stored_grant grant;
    const struct problem *problem = acting_asking_read(rq, &asking);

    if (problem == NULL)
        problem = acting_exchange(rq->ctx, &asking.order, param(rq, "subject_token"), &asking.wish,
                                  &grant);
    return problem != NULL ? problem : acting_answer(rq, &grant);
}
