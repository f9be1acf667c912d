/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/acting_actor.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"

#define STAFF_SCOPE "staff"

/* Who asks: a member of staff, as soon as it is known which. */
static struct subject
asker(const struct ctx *ctx)
{
    if (text_is_empty(ctx->staff_id))
        return (struct subject) { SUBJECT_PARTNER, ctx->partner_id };
    return (struct subject) { SUBJECT_STAFF, ctx->staff_id };
}

const struct problem *
acting_rejected(struct ctx *ctx, const char *reason, const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_ACTING_REJECTED,
                                             .reason = reason,
                                             .subject = asker(ctx),
                                             .partner_id = ctx->partner_id });
    return problem;
}

/* Whoever has taken the counter over sits there now. */
static bool
sits_there(const struct sitting *sitting)
{
    return sitting->counter.state == COUNTER_ENROLLED &&
           text_eq(sitting->counter.sid, sitting->row.sid) &&
           text_eq(sitting->session.row.subject.id, sitting->row.staff_id);
}

static enum err
rows_load(struct ctx *ctx, struct sitting *out)
{
    enum err err = store_sitting_load(ctx->store, ctx->arena, out->session.row.sid, &out->row);

    if (err == OK)
        err = store_staff_load(ctx->store, ctx->arena, out->row.staff_id, &out->staff);
    if (err == OK)
        err = store_counter_load(ctx->store, ctx->arena, out->row.counter_id, &out->counter);
    return err;
}

/* Of a member of staff who may go on, and who has not left it idle. */
static enum err
session_stands(struct ctx *ctx, const char *sid, struct session *out)
{
    enum err err = store_session_load(ctx->store, ctx->arena, sid, &out->row);

    if (err != OK || out->row.subject.kind != SUBJECT_STAFF)
        return err == ERR_NOT_FOUND ? OK : err;
    err = session_goes_on(ctx, sid, &out->live);
    return err == OK && out->live ? subject_is_active(ctx, out->row.subject, &out->live) : err;
}

enum err
acting_sitting_find(struct ctx *ctx, const char *sid, struct sitting *out)
{
    enum err err;

    *out = (struct sitting) { .live = false };
    err = session_stands(ctx, sid, &out->session);
    if (err != OK || !out->session.live)
        return err;
    err = rows_load(ctx, out);
    out->live = err == OK && sits_there(out);
    return err == ERR_NOT_FOUND ? OK : err;
}

static bool
is_hers(const struct acting_shown *shown, const struct access *access)
{
    return text_eq(access->client_id, shown->partner->profile.partner_id) &&
           text_list_has(access->scope, STAFF_SCOPE) && !text_is_empty(access->grant_id) &&
           text_is_empty(access->actor) &&
           (text_is_empty(access->bound_key) || text_eq(access->bound_key, shown->proof_key));
}

static const struct problem *
grant_take(struct ctx *ctx, const struct access *access, struct stored_grant *grant)
{
    enum err err = store_grant_load(ctx->store, ctx->arena, access->grant_id, grant);

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    if (err == OK && grant->ended_at == 0 && grant->approval.subject.kind == SUBJECT_STAFF)
        return NULL;
    return acting_rejected(ctx, "token", &problem_acting_actor);
}

static const struct problem *
sitting_take(struct ctx *ctx, const char *sid, struct sitting *out)
{
    enum err err = acting_sitting_find(ctx, sid, out);

    if (err != OK)
        return problem_of(err);
    if (!out->live)
        return acting_rejected(ctx, "sitting", &problem_acting_actor);
    ctx->staff_id = out->row.staff_id;
    ctx->counter_id = out->row.counter_id;
    return sitting_is_locked(out) ? acting_rejected(ctx, "locked", &problem_acting_locked) : NULL;
}

const struct problem *
acting_actor_open(struct ctx *ctx, const struct acting_shown *shown, struct acting_actor *out)
{
    struct access access;
    struct stored_grant grant;
    const struct problem *problem;

    if (access_token_open(ctx, shown->token, &access) != OK || !is_hers(shown, &access))
        return acting_rejected(ctx, "token", &problem_acting_actor);
    problem = grant_take(ctx, &access, &grant);
    if (problem != NULL)
        return problem;
    out->sub = access.sub;
    return sitting_take(ctx, grant.approval.sid, &out->sitting);
}
