/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/session/apart.h"
#include "idp/session/backchannel.h"
#include "idp/session/backchannel_id.h"
#include "idp/session/poll.h"
#include "idp/tables/session.h"
#include "keys/secret.h"
#include "policies/backchannel.h"

static const struct problem *
rejected(struct ctx *ctx, const struct backchannel_turn *turn, const char *reason,
         const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_CIBA_REJECTED,
                                             .reason = reason,
                                             .partner_id = turn->partner->profile.partner_id });
    return problem;
}

static const struct problem *
row_load(struct ctx *ctx, const struct backchannel_turn *turn, struct stored_pending *row)
{
    struct digest pending_id;
    struct digest waiter;
    const char *secret;
    enum err err = auth_req_id_open(ctx, turn->auth_req_id, &pending_id, &secret);

    if (err != OK)
        return rejected(ctx, turn, "form", &problem_auth_req_id_invalid);
    err = store_pending_load(ctx->store, ctx->arena, &pending_id, row);
    if (err == ERR_NOT_FOUND) /* swept */
        return &problem_ciba_expired;
    if (err != OK)
        return problem_of(err);
    waiter = digest_of_text(secret);
    if (row->kind != PENDING_CIBA || !digest_eq(&waiter, &row->waiter) ||
        row->created_at < turn->partner->since ||
        !text_eq(row->partner_id, turn->partner->profile.partner_id))
        return rejected(ctx, turn, "client", &problem_auth_req_id_invalid);
    return NULL;
}

/* --- Waiting --- */

static const struct problem *
wait_on(struct ctx *ctx, const struct stored_pending *row)
{
    enum err err;

    if (!poll_is_hasty(ctx->services->polls, &row->waiter, row->interval_s, ctx->now))
        return &problem_ciba_pending;
    err =
        store_pending_slow(ctx->store, &row->pending_id, row->interval_s + BACKCHANNEL_INTERVAL_S);
    return err == OK ? &problem_ciba_slow_down : problem_of(err);
}

/* Where it stands; NULL: it is allowed. */
static const struct problem *
state_judge(struct ctx *ctx, const struct backchannel_turn *turn, const struct stored_pending *row)
{
    if (row->state == PENDING_REFUSED)
        return &problem_access_denied;
    if (row->state == PENDING_TAKEN)
        return rejected(ctx, turn, "replayed", &problem_auth_req_id_invalid);
    if (ctx->now >= row->expires_at)
        return &problem_ciba_expired;
    return row->state == PENDING_APPROVED ? NULL : wait_on(ctx, row);
}

/* --- The grant --- */

static enum err
take(struct ctx *ctx, void *state)
{
    const struct stored_pending *row = state;

    return store_pending_take(ctx->store, &row->pending_id, &row->waiter, ctx->now);
}

/* An answered message says yes to being known, and to no more than was agreed to before. */
static enum err
scope_of(struct ctx *ctx, const struct backchannel_turn *turn, const struct stored_pending *row,
         const char **scope)
{
    bool covered = false;
    enum err err = consent_covers(ctx, turn->partner, row->person_id, *scope, &covered);

    if (err == OK && !covered && text_is_empty(row->sid)) {
        *scope = "openid";
        err = consent_covers(ctx, turn->partner, row->person_id, *scope, &covered);
    }
    return err == OK && !covered ? ERR_REFUSED : err;
}

static enum err
lender_load(struct ctx *ctx, const struct stored_pending *row, struct stored_session *lender,
            struct proof *proof)
{
    enum err err;

    if (text_is_empty(row->sid))
        return OK;
    err = store_session_load(ctx->store, ctx->arena, row->sid, lender);
    proof->lent_by = lender;
    return err == ERR_NOT_FOUND ? ERR_REFUSED : err;
}

static enum err
grant_take(struct ctx *ctx, const struct backchannel_turn *turn, struct stored_pending *row,
           struct stored_grant *out)
{
    struct proof proof = {
        .person_id = row->person_id,
        .way = text_is_empty(row->sid) ? LOGIN_BY_MESSAGE : LOGIN_BY_CIBA,
        .amr = "sms",
        .begun_at = text_is_empty(row->sid) ? row->created_at : 0, /* a lender ends by itself */
    };
    struct apart apart = { .proof = &proof,
                           .partner = turn->partner,
                           .claims = "",
                           .bound_key = "",
                           .take = take,
                           .state = row };
    struct backchannel_asked asked;
    struct stored_session lender;
    enum err err = backchannel_asked_open(ctx, row, &asked);

    if (err == OK)
        err = lender_load(ctx, row, &lender, &proof);
    if (err != OK)
        return err;
    apart.scope = asked.scope;
    err = scope_of(ctx, turn, row, &apart.scope);
    return err == OK ? apart_begin(ctx, &apart, out) : err;
}

const struct problem *
backchannel_redeem(struct ctx *ctx, const struct backchannel_turn *turn, struct stored_grant *out)
{
    struct stored_pending row;
    const struct problem *problem = row_load(ctx, turn, &row);
    enum err err;

    if (problem == NULL)
        problem = state_judge(ctx, turn, &row);
    if (problem != NULL)
        return problem;
    err = grant_take(ctx, turn, &row, out);
    switch (err) {
    case ERR_NOT_FOUND: /* somebody was faster */
        return rejected(ctx, turn, "replayed", &problem_auth_req_id_invalid);
    case ERR_REFUSED:
        return rejected(ctx, turn, "subject", &problem_access_denied);
    case ERR_FULL:
        return &problem_person_grants_full;
    default:
        return problem_of(err);
    }
}
