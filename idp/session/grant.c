/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/grant.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "idp/tables/person.h"

#define GRACE_S 10

/* All grants first, then their revocations, which share one row as long as they are numbered: who
 * holds that row waits for nobody's grant, so two who end the same ones do not wait for each other.
 */
enum err
grants_end_in_change(struct ctx *ctx, const struct grant_list *grants)
{
    bool *ended = arena_alloc(ctx->arena, grants->count * sizeof(*ended));
    enum err err = OK;

    for (size_t i = 0; err == OK && i < grants->count; i++) {
        err = store_grant_end(ctx->store, grants->at[i].grant_id, ctx->now);
        ended[i] = err == OK;
        err = err == ERR_NOT_FOUND ? OK : err;
    }
    for (size_t i = 0; err == OK && i < grants->count; i++)
        if (ended[i])
            err = revocation_record(ctx, grants->at[i].grant_id);
    return err;
}

void
grants_end_apply(struct ctx *ctx, const struct grant_list *grants)
{
    for (size_t i = 0; i < grants->count; i++)
        revocation_apply(ctx, grants->at[i].grant_id);
}

struct ending {
    struct ctx *ctx;
    const char *grant_id;
    const char *reason;
};

static enum err
end(struct store *st, void *state)
{
    struct ending *ending = state;
    struct ctx *ctx = ending->ctx;
    enum err err = store_grant_end(st, ending->grant_id, ctx->now);

    if (err == OK)
        err = revocation_record(ctx, ending->grant_id);
    if (err == OK)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_GRANT_ENDED, .reason = ending->reason });
    return err;
}

enum err
grant_end(struct ctx *ctx, const char *grant_id, const char *reason)
{
    struct ending ending = { ctx, grant_id, reason };
    enum err err = store_change(ctx->store, end, &ending);

    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    /* Also when another node ended it: our memory may not have heard yet, and the caller
     * is about to say "ended". */
    revocation_apply(ctx, grant_id);
    return OK;
}

static const struct problem *
refused(struct ctx *ctx, const struct refresh *refresh, const char *reason)
{
    audit_refusal(ctx, &(struct audit_record) { .event = AUDIT_REFRESH_REJECTED,
                                                .reason = reason,
                                                .partner_id = refresh->partner_id });
    return &problem_refresh_token_invalid;
}

static const struct problem *
refused_for_good(struct ctx *ctx, const struct refresh *refresh, const char *reason)
{
    enum err err = grant_end(ctx, refresh->grant_id, reason);

    return err == OK ? refused(ctx, refresh, reason) : problem_of(err);
}

static const struct problem *
replayed(struct ctx *ctx, const struct refresh *refresh)
{
    enum err err = grant_end(ctx, refresh->grant_id, "replay");

    if (err != OK)
        return problem_of(err);
    audit_refusal(ctx, &(struct audit_record) { .event = AUDIT_REFRESH_REPLAYED,
                                                .partner_id = refresh->partner_id });
    return &problem_refresh_token_invalid;
}

/* The rotation did not find this generation live: tell a retry from a
 * replay from an ended family. */
static const struct problem *
not_rotated(struct ctx *ctx, const struct partner *partner, const struct refresh *refresh,
            struct stored_grant *out)
{
    enum err err = store_grant_load(ctx->store, ctx->arena, refresh->grant_id, out);
    bool is_retry;

    if (err == ERR_NOT_FOUND)
        return refused(ctx, refresh, "gone");
    if (err != OK)
        return problem_of(err);
    if (out->ended_at != 0 || ctx->now >= out->expires_at)
        return refused(ctx, refresh, "ended");
    is_retry = !partner->is_public && out->generation == refresh->generation + 1 &&
               ctx->now - out->rotated_at <= GRACE_S;
    return is_retry ? NULL : replayed(ctx, refresh);
}

static enum err
person_may_go_on(struct ctx *ctx, const char *person_id, bool *out)
{
    int64_t state;
    enum err err = store_person_state(ctx->store, person_id, &state);

    *out = err == OK && state == PERSON_ACTIVE;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* What the grant was given for must still hold. *reason says what does not; NULL when all does. */
static enum err
grant_judge(struct ctx *ctx, const struct partner *partner, const struct stored_grant *grant,
            const char **reason)
{
    bool holds = false;
    enum err err;

    *reason = "client";
    if (grant->created_at < partner->since)
        return OK;
    *reason = "person";
    err = person_may_go_on(ctx, grant->person_id, &holds);
    if (err != OK || !holds)
        return err;
    *reason = "consent";
    err = consent_covers(ctx, partner, grant->person_id, grant->scope, &holds);
    if (err != OK || !holds)
        return err;
    *reason = NULL;
    if (grant->offline != 0) {
        *reason = text_list_has(partner->profile.scope, "offline_access") ? NULL : "offline_access";
        return OK;
    }
    err = session_goes_on(ctx, grant->sid, &holds);
    *reason = holds ? NULL : "session";
    return err;
}

const struct problem *
grant_refresh(struct ctx *ctx, const struct partner *partner, const char *refresh_token,
              struct stored_grant *out)
{
    struct refresh refresh;
    struct grant_turn turn;
    const struct problem *problem = NULL;
    const char *reason;
    enum err err = refresh_token_open(ctx, refresh_token, &refresh);

    if (err != OK)
        return &problem_refresh_token_invalid;
    if (!text_eq(refresh.partner_id, partner->profile.partner_id))
        return refused_for_good(ctx, &refresh, "client");
    turn = (struct grant_turn) { refresh.grant_id, refresh.generation, ctx->now };
    err = store_grant_rotate(ctx->store, ctx->arena, &turn, out);
    if (err == ERR_NOT_FOUND)
        problem = not_rotated(ctx, partner, &refresh, out);
    else
        problem = problem_of(err);
    if (problem != NULL)
        return problem;
    err = grant_judge(ctx, partner, out, &reason);
    if (err != OK)
        return problem_of(err);
    return reason != NULL ? refused_for_good(ctx, &refresh, reason) : NULL;
}
