/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/partner_secret.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/tables/epoch.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "policies/auth_method.h"
#include "policies/partner_profile.h"

bool
partner_secret_is(struct bytes digest, const char *secret)
{
    struct digest presented = digest_of_text(secret);

    return digest.size == sizeof(presented) &&
           digest_eq(&presented, (const struct digest *)digest.at);
}

enum err
partner_secret_put(struct ctx *ctx, const char *auth_method, const char *secret,
                   struct stored_partner *row)
{
    const char *context = arena_printf(ctx->arena, PARTNER_SECRET_CONTEXT "%s", row->partner_id);
    struct digest *digest = arena_alloc(ctx->arena, sizeof(*digest));
    enum err err = OK;

    *digest = digest_of_text(secret);
    row->secret_digest = digest_view(digest);
    row->secret_sealed = (struct bytes) { 0 };
    row->secret_at = ctx->now;
    row->before_digest = (struct bytes) { 0 };
    row->before_sealed = (struct bytes) { 0 };
    row->before_until = 0;
    if (auth_method_need(auth_method) == AUTH_NEEDS_CLEAR_SECRET)
        err = seal(&ctx->keys->data, ctx->env, ctx->arena, context, bytes_of_text(secret),
                   &row->secret_sealed);
    return err;
}

void
partner_secret_keep(const struct stored_partner *from, struct stored_partner *row)
{
    row->secret_digest = from->secret_digest;
    row->secret_sealed = from->secret_sealed;
    row->secret_at = from->secret_at;
    row->before_digest = from->before_digest;
    row->before_sealed = from->before_sealed;
    row->before_until = from->before_until;
}

/* --- Rotation --- */

struct rotating {
    const char *partner_id;
    int64_t overlap_s;
    struct partner_rotation *out;
};

/* None: the partner's row cannot be read, and no secret helps it. */
static const char *
auth_method_of(struct ctx *ctx, const struct stored_partner *row)
{
    struct partner_profile profile;

    if (partner_profile_parse(ctx->arena, row->profile, strlen(row->profile), &profile) != NULL)
        return "";
    return profile.auth_method;
}

static enum err
shift(struct ctx *ctx, const struct rotating *rotating, struct stored_partner *row)
{
    const struct stored_partner before = *row;
    struct partner_rotation *out = rotating->out;
    enum err err = partner_secret_put(ctx, out->auth_method, out->secret, row);

    out->before_until = 0;
    out->dropped_until = before.before_until > ctx->now ? before.before_until : 0;
    if (err != OK || before.secret_digest.size == 0)
        return err;
    out->before_until = ctx->now + rotating->overlap_s;
    row->before_digest = before.secret_digest;
    row->before_sealed = before.secret_sealed;
    row->before_until = out->before_until;
    return OK;
}

/* The counter's row first: who applies a file at this moment waits. */
static enum err
rotate(struct ctx *ctx, void *state)
{
    const struct rotating *rotating = state;
    struct stored_partner row;
    int64_t epoch;
    enum err err = store_epoch_bump(ctx->store, "partner", &epoch);

    if (err == OK)
        err = store_partner_load(ctx->store, ctx->arena, rotating->partner_id, &row);
    if (err == OK && row.removed_at != 0)
        return ERR_NOT_FOUND;
    if (err != OK)
        return err;
    rotating->out->auth_method = auth_method_of(ctx, &row);
    if (!auth_method_needs_secret(rotating->out->auth_method))
        return ERR_INVALID;
    row.updated_at = ctx->now;
    err = shift(ctx, rotating, &row);
    if (err == OK)
        err = store_partner_put(ctx->store, &row);
    return err == OK ? audit_write(ctx, &(struct audit_record) { .event = AUDIT_PARTNER_CHANGED,
                                                                 .reason = "secret",
                                                                 .partner_id = row.partner_id })
                     : err;
}

enum err
partner_secret_rotate(struct ctx *ctx, const char *partner_id, int64_t overlap_s,
                      struct partner_rotation *out)
{
    struct rotating rotating = { partner_id, overlap_s, out };
    enum err err = handle_new(ctx->env, ctx->arena, &out->secret);

    return err == OK ? change(ctx, rotate, &rotating) : err;
}
