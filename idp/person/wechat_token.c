/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/wechat_token.h"

#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/connect/wechat.h"
#include "idp/context/change.h"
#include "idp/tables/held_token.h"
#include "keys/seal.h"

#define DAY_S 86400
#define BEIJING_S (8 * 3600)

/* What is held: its row, and the value opened. */
struct holding {
    struct held_token row;
    const char *value; /* "": none */
};

static const char *
name_of(struct ctx *ctx, const char *what)
{
    return arena_printf(ctx->arena, "wechat.%s.%s", what,
                        wechat_appid(ctx->services->wechat, WECHAT_OFFICIAL));
}

/* One that cannot be opened is as good as none: another is fetched. */
static enum err
holding_load(struct ctx *ctx, const char *what, struct holding *out)
{
    const char *name = name_of(ctx, what);
    struct bytes plain;
    enum err err = store_held_token_find(ctx->store, ctx->arena, name, &out->row);

    out->value = "";
    if (err == ERR_NOT_FOUND) {
        out->row = (struct held_token) { .name = name };
        return OK;
    }
    if (err != OK)
        return err;
    if (seal_open(&ctx->keys->data, ctx->arena, name, out->row.value_sealed, &plain) == OK)
        out->value = arena_copy(ctx->arena, plain.at, plain.size);
    return OK;
}

static enum err
put(struct ctx *ctx, void *state)
{
    return store_held_token_put(ctx->store, state);
}

static enum err
holding_keep(struct ctx *ctx, struct holding *holding, const struct wechat_token *token)
{
    struct held_token *row = &holding->row;
    enum err err = seal(&ctx->keys->data, ctx->env, ctx->arena, row->name,
                        bytes_of_text(token->value), &row->value_sealed);

    row->fetched_at = ctx->now;
    row->expires_at = ctx->now + token->life_s;
    row->renew_at = token->life_s > WECHAT_RENEW_EARLY_S ? row->expires_at - WECHAT_RENEW_EARLY_S
                                                         : row->expires_at;
    holding->value = token->value;
    return err == OK ? change(ctx, put, row) : err;
}

static bool
is_due(const struct ctx *ctx, const struct holding *holding)
{
    return *holding->value == '\0' || ctx->now >= holding->row.renew_at;
}

static enum err
token_fetch(struct ctx *ctx, struct holding *token, bool force)
{
    struct wechat_token fetched;

    if (wechat_token_fetch(ctx->services->wechat, ctx->arena, force, &fetched) != WECHAT_DONE)
        return ERR_UNAVAILABLE;
    return holding_keep(ctx, token, &fetched);
}

static int64_t
beijing_day(unix_s at)
{
    return (at + BEIJING_S) / DAY_S;
}

/* Counted before WeChat is asked, so that no failure is forced for ever. */
static enum err
token_replace(struct ctx *ctx, struct holding *token)
{
    struct held_token *row = &token->row;
    bool same_day = beijing_day(row->forced_at) == beijing_day(ctx->now);
    enum err err;

    if (ctx->now - row->forced_at < WECHAT_FORCED_EVERY_S ||
        (same_day && row->forced_count >= WECHAT_FORCED_A_DAY))
        return ERR_UNAVAILABLE;
    row->forced_count = same_day ? row->forced_count + 1 : 1;
    row->forced_at = ctx->now;
    err = change(ctx, put, row);
    return err == OK ? token_fetch(ctx, token, true) : err;
}

/* A token that WeChat no longer takes is replaced once, and the ticket asked for once more. */
static enum err
ticket_fetch(struct ctx *ctx, struct holding *token, struct holding *ticket)
{
    struct wechat *wechat = ctx->services->wechat;
    struct wechat_token fetched;
    enum wechat_outcome outcome = wechat_ticket_fetch(wechat, ctx->arena, token->value, &fetched);

    if (outcome == WECHAT_TOKEN_BAD && token_replace(ctx, token) == OK)
        outcome = wechat_ticket_fetch(wechat, ctx->arena, token->value, &fetched);
    return outcome == WECHAT_DONE ? holding_keep(ctx, ticket, &fetched) : ERR_UNAVAILABLE;
}

enum err
wechat_tokens_hold(struct ctx *ctx)
{
    struct holding token;
    struct holding ticket;
    enum err err;

    if (!wechat_is_configured(ctx->services->wechat, WECHAT_OFFICIAL))
        return OK;
    err = holding_load(ctx, "token", &token);
    if (err == OK && is_due(ctx, &token))
        err = token_fetch(ctx, &token, false);
    if (err == OK)
        err = holding_load(ctx, "ticket", &ticket);
    if (err == OK && is_due(ctx, &ticket))
        err = ticket_fetch(ctx, &token, &ticket);
    return err;
}

enum err
wechat_ticket_find(struct ctx *ctx, const char **out)
{
    struct holding ticket;
    enum err err = holding_load(ctx, "ticket", &ticket);

    if (err != OK)
        return err;
    if (*ticket.value == '\0' || ctx->now >= ticket.row.expires_at)
        return ERR_NOT_FOUND;
    *out = ticket.value;
    return OK;
}
