/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/native_sso.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/partner/consent.h"
#include "idp/session/grant.h"
#include "idp/session/session.h"
#include "idp/session/token.h"
#include "idp/tables/device_secret.h"
#include "keys/handle.h"
#include "policies/channel.h"

/* Tells people and leak scanners what it is; means nothing to us. */
#define PREFIX "ds_"

/* --- The device secret --- */

static bool
is_the_secret(const struct stored_device_secret *row, const char *presented)
{
    struct digest digest = digest_of_text(presented);

    return digest_eq(&row->secret, &digest);
}

enum err
device_secret_keep(struct ctx *ctx, const struct device_owner *owner, const char *presented,
                   const char **out)
{
    struct stored_device_secret row;
    enum err err;

    *out = NULL;
    if (presented == NULL)
        return OK;
    err = store_device_secret_find(ctx->store, ctx->arena, owner->grant->approval.sid,
                                   owner->partner->profile.partner_id, &row);
    if (err == OK && is_the_secret(&row, presented) &&
        text_eq(row.shared_by, owner->partner->profile.native_sso_group))
        *out = presented;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
device_secret_issue(struct ctx *ctx, const struct device_owner *owner, const char **out)
{
    const struct approval *approval = &owner->grant->approval;
    struct stored_device_secret row = {
        .sid = approval->sid,
        .partner_id = owner->partner->profile.partner_id,
        .shared_by = owner->partner->profile.native_sso_group,
        .bound_key = owner->proof_key != NULL ? owner->proof_key : "",
    };
    struct session session;
    const char *handle;
    const char *secret;
    enum err err = session_find(ctx, approval->sid, &session);

    if (err == OK)
        err = handle_new(ctx->env, ctx->arena, &handle);
    if (err != OK)
        return err;
    secret = arena_printf(ctx->arena, PREFIX "%s", handle);
    row.secret = digest_of_text(secret);
    row.expires_at = session.live ? session.row.expires_at : ctx->now;
    err = store_device_secret_put(ctx->store, &row);
    if (err == ERR_CONFLICT) /* the app was given another at this very moment */
        err = store_device_secret_put(ctx->store, &row);
    if (err == OK)
        *out = secret;
    return err;
}

/* --- The second app --- */

/* What a judgement goes by. */
struct sharing {
    const struct sibling *sibling;
    struct hint hint;
    struct stored_grant first; /* the first app's */
    struct session session;
    struct stored_device_secret secret;
};

static const struct problem *
refused(struct ctx *ctx, const struct sharing *sharing, const char *reason,
        const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_EXCHANGE_REJECTED,
                                             .reason = reason,
                                             .partner_id =
                                                 sharing->sibling->partner->profile.partner_id });
    return problem;
}

static bool
share_a_group(const struct partner *first, const struct partner *second)
{
    return !text_is_empty(second->profile.native_sso_group) &&
           text_eq(first->profile.native_sso_group, second->profile.native_sso_group);
}

/* The first app's grant still stands: who revoked it wants no other app to live on by it. */
static const struct problem *
first_load(struct ctx *ctx, struct sharing *sharing)
{
    const struct stored_grant *first = &sharing->first;
    const struct partner *partner;
    enum err err;

    if (id_token_hint_open(ctx, sharing->sibling->id_token, &sharing->hint) != OK ||
        sharing->hint.grant_id[0] == '\0')
        return refused(ctx, sharing, "token", &problem_native_sso_invalid);
    err = store_grant_load(ctx->store, ctx->arena, sharing->hint.grant_id, &sharing->first);
    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    partner = registry_find(ctx->services->registry, sharing->hint.audience);
    if (err != OK || partner == NULL || first->ended_at != 0 || ctx->now >= first->approval.until ||
        first->created_at < partner->since ||
        !text_eq(first->approval.partner_id, sharing->hint.audience))
        return refused(ctx, sharing, "token", &problem_native_sso_invalid);
    if (!share_a_group(partner, sharing->sibling->partner))
        return refused(ctx, sharing, "group", &problem_native_sso_not_shared);
    return NULL;
}

static const struct problem *
session_look(struct ctx *ctx, struct sharing *sharing)
{
    enum err err = session_find(ctx, sharing->first.approval.sid, &sharing->session);

    if (err != OK)
        return problem_of(err);
    return sharing->session.live ? NULL
                                 : refused(ctx, sharing, "session", &problem_native_sso_invalid);
}

/* The secret is the session's, the app's and the ID token's. */
static const struct problem *
secret_check(struct ctx *ctx, struct sharing *sharing)
{
    const char *presented = sharing->sibling->device_secret;
    struct stored_device_secret *row = &sharing->secret;
    enum err err = store_device_secret_find(ctx->store, ctx->arena, sharing->session.row.sid,
                                            sharing->first.approval.partner_id, row);

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    if (err != OK || !is_the_secret(row, presented) ||
        !text_eq(row->shared_by, sharing->sibling->partner->profile.native_sso_group) ||
        !text_eq(sharing->hint.ds_hash, device_secret_hash(ctx->arena, presented)))
        return refused(ctx, sharing, "secret", &problem_native_sso_invalid);
    return NULL;
}

/* A thief of both must not be able to make bearer tokens of what was bound to a key. */
static const struct problem *
key_check(struct ctx *ctx, struct sharing *sharing)
{
    if (sharing->secret.bound_key[0] == '\0' || sharing->sibling->proof_key != NULL)
        return NULL;
    return refused(ctx, sharing, "key", &problem_exchange_key_missing);
}

static const struct problem *
channel_check(struct ctx *ctx, struct sharing *sharing)
{
    if (channel_lends(sharing->session.row.channel, sharing->sibling->partner->profile.channel))
        return NULL;
    return refused(ctx, sharing, "channel", &problem_channel_not_lent);
}

static const struct problem *
consent_check(struct ctx *ctx, struct sharing *sharing)
{
    const struct sibling *sibling = sharing->sibling;
    bool covered = false;
    enum err err = consent_covers(ctx, sibling->partner, sharing->session.row.subject.id,
                                  sibling->scope, &covered);

    if (err != OK)
        return problem_of(err);
    return covered ? NULL : refused(ctx, sharing, "consent", &problem_native_sso_consent);
}

static enum err
begin(struct ctx *ctx, void *state)
{
    struct grant_beginning *beginning = state;
    const struct approval *approval = &beginning->grant->approval;
    enum err err = grant_room_look(ctx, beginning);

    if (err != OK || beginning->full != NULL)
        return err;
    err = grant_begin(ctx, beginning);
    if (err != OK)
        return err;
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_GRANT_SHARED,
                                                     .subject = approval->subject,
                                                     .partner_id = approval->partner_id,
                                                     .sid = approval->sid });
}

static const struct problem *
share(struct ctx *ctx, const struct sharing *sharing, struct stored_grant *out)
{
    const struct sibling *sibling = sharing->sibling;
    struct approval approval = approval_of_session(&sharing->session.row);
    struct grant_beginning beginning = { .grant = out };
    bool holds = false;
    enum err err;

    approval.partner_id = sibling->partner->profile.partner_id;
    approval.scope = sibling->scope;
    if (sibling->partner->is_public && sibling->proof_key != NULL)
        approval.bound_key = sibling->proof_key;
    err = grant_make(ctx, &approval, out);
    if (err == OK)
        err = change(ctx, begin, &beginning);
    if (err != OK)
        return problem_of(err);
    if (beginning.full != NULL)
        return beginning.full;
    err = grant_begun(ctx, &beginning, &holds);
    if (err != OK)
        return problem_of(err);
    return holds ? NULL : refused(ctx, sharing, "session", &problem_native_sso_invalid);
}

const struct problem *
native_sso_grant(struct ctx *ctx, const struct sibling *sibling, struct stored_grant *out)
{
    static const struct problem *(*const checks[])(struct ctx * ctx, struct sharing * sharing) = {
        first_load, session_look, secret_check, key_check, channel_check, consent_check,
    };
    struct sharing sharing = { .sibling = sibling };

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        const struct problem *problem = checks[i](ctx, &sharing);

        if (problem != NULL)
            return problem;
    }
    return share(ctx, &sharing, out);
}
