/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/staff_act.h"

#include "idp/base/text.h"
#include "idp/tables/staff.h"
#include "idp/tables/staff_act.h"
#include "keys/handle.h"
#include "keys/secret.h"

#define PREFIX "sa_"
#define ID_BYTES 16

/* The same form makes the same name, and the primary key decides. */
static const char *
name_of_form(struct ctx *ctx, const struct staff_act *act)
{
    const char *what = arena_printf(ctx->arena, "%d", (int)act->what);
    struct digest digest =
        digest_keyed_texts(&ctx->keys->index, "staff_act", ctx->form, act->person_id, what, NULL);

    return arena_printf(ctx->arena, PREFIX "%s",
                        base64url_encode(ctx->arena, bytes_of(digest.bytes, ID_BYTES)));
}

static enum err
name_of(struct ctx *ctx, const struct staff_act *act, const char **out)
{
    if (ctx->form == NULL)
        return id_new(ctx->env, ctx->arena, PREFIX, out);
    *out = name_of_form(ctx, act);
    return OK;
}

static enum err
agency_of(struct ctx *ctx, const char **out)
{
    struct stored_staff staff;
    enum err err = store_staff_load(ctx->store, ctx->arena, ctx->staff_id, &staff);

    *out = err == OK ? staff.agency : "";
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
staff_act_note(struct ctx *ctx, const struct staff_act *act)
{
    struct stored_staff_act row = {
        .person_id = act->person_id,
        .at = ctx->now,
        .what = act->what,
        .staff_id = ctx->staff_id,
        .counter_id = ctx->counter_id,
        .partner_id = act->partner_id,
        .business = act->business,
        .reason = act->reason,
    };
    enum err err;

    if (text_is_empty(ctx->staff_id) || !store_in_transaction(ctx->store))
        return ERR_INTERNAL;
    err = name_of(ctx, act, &row.act_id);
    if (err == OK)
        err = agency_of(ctx, &row.agency);
    return err == OK ? store_staff_act_insert(ctx->store, &row) : err;
}

enum err
staff_act_noted_at(struct ctx *ctx, const struct staff_act *act, unix_s *out)
{
    struct stored_staff_act row;
    enum err err;

    if (ctx->form == NULL)
        return ERR_NOT_FOUND;
    err =
        store_staff_act_load(ctx->store, ctx->arena, act->person_id, name_of_form(ctx, act), &row);
    if (err == OK)
        *out = row.at;
    return err;
}
