/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/grant.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/session/grant_end.h"
#include "idp/session/session.h"
#include "idp/session/staff_told.h"
#include "idp/session/token.h"
#include "keys/handle.h"

#define GRACE_S 10

/* --- Beginning --- */

enum err
grant_make(struct ctx *ctx, const struct approval *approval, struct stored_grant *out)
{
    bool offline = text_list_has(approval->scope, "offline_access");
    unix_s longest = ctx->now + ctx->settings->life.grant_s;

    *out = (struct stored_grant) {
        .approval = *approval,
        .offline = offline,
        .generation = 1,
        .rotated_at = ctx->now,
        .created_at = ctx->now,
    };
    if (offline || approval->until > longest)
        out->approval.until = longest;
    return id_new(ctx->env, ctx->arena, "g_", &out->grant_id);
}

enum err
grant_room_look(struct ctx *ctx, struct grant_beginning *beginning)
{
    struct grant_room *room = &beginning->room;
    enum err err = store_grant_room(ctx->store, ctx->arena, beginning->grant, room);

    beginning->full = NULL;
    if (err == OK && room->person_full != 0)
        beginning->full = &problem_person_grants_full;
    else if (err == OK && room->session_full != 0 && room->beyond == NULL)
        beginning->full = &problem_session_grants_full;
    return err;
}

/* Of those who begin one at the same time one may have found none that another had not ended
 * already: so more than one may have to give way. */
static enum err
make_way(struct ctx *ctx, struct grant_beginning *beginning)
{
    const struct approval *approval = &beginning->grant->approval;
    enum err err;

    beginning->beyond.count = 0;
    if (beginning->room.beyond == NULL)
        return OK;
    err = store_grant_list_beyond(ctx->store, ctx->arena, beginning->grant, &beginning->beyond);
    if (err == OK)
        err = grants_end_in_change(ctx, &beginning->beyond);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_GRANT_ENDED,
                                                        .reason = "limit",
                                                        .subject = approval->subject,
                                                        .partner_id = approval->partner_id,
                                                        .sid = approval->sid });
    return err;
}

enum err
grant_begin(struct ctx *ctx, struct grant_beginning *beginning)
{
    enum err err = make_way(ctx, beginning);

    return err == OK ? store_grant_insert(ctx->store, beginning->grant) : err;
}

/* Who ends the session meanwhile may not have seen the grant. It looks for grants once more after
 * it has committed, and we look at the session after we have: one of the two sees the other. */
enum err
grant_begun(struct ctx *ctx, const struct grant_beginning *beginning, bool *holds)
{
    const struct stored_grant *grant = beginning->grant;
    enum err err = session_carries(ctx, &grant->approval, holds);

    grants_end_apply(ctx, &beginning->beyond);
    return err == OK && !*holds ? grant_end(ctx, grant->grant_id, "session") : err;
}

/* --- Refresh --- */

static const struct problem *
refused(struct ctx *ctx, const struct refresh *refresh, const char *reason)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_REFRESH_REJECTED,
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
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_REFRESH_REPLAYED,
                                             .partner_id = refresh->partner_id });
    return &problem_refresh_token_invalid;
}

/* Nobody but who holds the key has the token: what comes again is no theft, but a retry. */
static bool
may_repeat(struct ctx *ctx, const struct partner *partner, const struct stored_grant *grant)
{
    return !partner->is_public || ctx->settings->life.public_refresh_retry ||
           grant->approval.bound_key[0] != '\0';
}

/* May this token be used, or used once more? Tells a retry from a replay from an ended family. */
static const struct problem *
turn_check(struct ctx *ctx, const struct refreshing *refreshing, const struct refresh *refresh,
           const struct stored_grant *grant)
{
    const char *bound_key = grant->approval.bound_key;

    if (bound_key[0] != '\0' && !text_eq(bound_key, refreshing->proof_key))
        return refused(ctx, refresh, "dpop");
    if (grant->ended_at != 0 || ctx->now >= grant->approval.until ||
        handed_out_too_early(ctx, grant->created_at))
        return refused(ctx, refresh, "ended");
    if (grant->generation == refresh->generation)
        return NULL;
    if (may_repeat(ctx, refreshing->partner, grant) &&
        grant->generation == refresh->generation + 1 && ctx->now - grant->rotated_at <= GRACE_S)
        return NULL;
    return replayed(ctx, refresh);
}

static const struct problem *
turn_load(struct ctx *ctx, const struct refreshing *refreshing, const struct refresh *refresh,
          struct stored_grant *out)
{
    enum err err = store_grant_load(ctx->store, ctx->arena, refresh->grant_id, out);

    if (err == ERR_NOT_FOUND)
        return refused(ctx, refresh, "gone");
    return err != OK ? problem_of(err) : turn_check(ctx, refreshing, refresh, out);
}

/* Last of all: whatever else fails leaves the family as it was. Who was overtaken by another use of
 * the same token has retried it. */
static const struct problem *
turn_make(struct ctx *ctx, const struct refreshing *refreshing, const struct refresh *refresh,
          struct stored_grant *out)
{
    const struct grant_turn turn = { refresh->grant_id, refresh->generation, ctx->now };
    enum err err;

    if (out->generation != refresh->generation)
        return NULL;
    err = store_grant_rotate(ctx->store, ctx->arena, &turn, out);
    return err == ERR_NOT_FOUND ? turn_load(ctx, refreshing, refresh, out) : problem_of(err);
}

enum err
grant_judge(struct ctx *ctx, const struct partner *partner, const struct stored_grant *grant,
            const char **reason)
{
    bool holds = false;
    enum err err;

    *reason = "client";
    if (grant->created_at < partner->since)
        return OK;
    *reason = "person";
    err = subject_is_active(ctx, grant->approval.subject, &holds);
    if (err != OK || !holds)
        return err;
    *reason = "consent";
    err = approval_covered(ctx, partner, &grant->approval, &holds);
    if (err != OK || !holds)
        return err;
    *reason = NULL;
    if (grant->offline != 0) {
        *reason = text_list_has(partner->profile.scope, "offline_access") ? NULL : "offline_access";
        return OK;
    }
    err = session_carries(ctx, &grant->approval, &holds);
    *reason = holds ? NULL : "session";
    return err;
}

/* At a terminal she goes on by refreshing, and at no other. */
static const struct problem *
terminal_goes_on(struct ctx *ctx, const struct refresh *refresh, const struct stored_grant *grant)
{
    enum err err;

    if (text_is_empty(ctx->terminal_id))
        return NULL;
    err = session_used(ctx, grant->approval.sid);
    return err == ERR_REFUSED ? refused(ctx, refresh, "terminal") : problem_of(err);
}

/* Nor does staff's application at a counter that she has locked, until she opens it again. */
static const struct problem *
counter_goes_on(struct ctx *ctx, const struct refresh *refresh, const struct stored_grant *grant)
{
    enum err err;

    if (!subject_is_staff(grant->approval.subject))
        return NULL;
    err = staff_works(ctx, &grant->approval);
    return err == ERR_REFUSED || err == ERR_NOT_FOUND ? refused(ctx, refresh, "counter")
                                                      : problem_of(err);
}

const struct problem *
grant_refresh(struct ctx *ctx, const struct refreshing *refreshing, struct stored_grant *out)
{
    const struct partner *partner = refreshing->partner;
    struct refresh refresh;
    const struct problem *problem;
    const char *reason;
    enum err err = refresh_token_open(ctx, refreshing->refresh_token, &refresh);

    if (err != OK)
        return &problem_refresh_token_invalid;
    if (!text_eq(refresh.partner_id, partner->profile.partner_id))
        return refused_for_good(ctx, &refresh, "client");
    problem = turn_load(ctx, refreshing, &refresh, out);
    if (problem != NULL)
        return problem;
    err = grant_judge(ctx, partner, out, &reason);
    if (err != OK)
        return problem_of(err);
    if (reason != NULL)
        return refused_for_good(ctx, &refresh, reason);
    problem = terminal_goes_on(ctx, &refresh, out);
    if (problem == NULL)
        problem = counter_goes_on(ctx, &refresh, out);
    return problem != NULL ? problem : turn_make(ctx, refreshing, &refresh, out);
}
