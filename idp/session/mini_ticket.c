/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/mini_ticket.h"

#include "idp/base/pack.h"
#include "idp/tables/spent.h"
#include "keys/handle.h"
#include "keys/seal.h"

#define CONTEXT "mini_ticket.1"
#define NUMBER_DIGITS 4

static const struct pack_field fields[] = {
    PACKED_TEXT(struct mini_ticket, id),
    PACKED_TEXT(struct mini_ticket, partner_id),
    PACKED_TEXT(struct mini_ticket, scope),
    PACKED_TEXT(struct mini_ticket, openid),
    PACKED_TEXT(struct mini_ticket, unionid),
    PACKED_TEXT(struct mini_ticket, number),
    PACKED_INT(struct mini_ticket, is_doubtful),
    PACKED_INT(struct mini_ticket, at),
    PACKED_END,
};

enum err
mini_ticket_issue(struct ctx *ctx, struct mini_ticket *ticket, const char **out)
{
    enum err err = id_new(ctx->env, ctx->arena, "m_", &ticket->id);

    if (err == OK)
        err = digits_new(ctx->env, ctx->arena, NUMBER_DIGITS, &ticket->number);
    ticket->at = ctx->now;
    if (err != OK)
        return err;
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CONTEXT,
                     pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, ticket), out);
}

enum err
mini_ticket_open(struct ctx *ctx, const char *text, struct mini_ticket *out)
{
    struct bytes plain;
    enum err err = seal_text_open(&ctx->keys->seal, ctx->arena, CONTEXT, text, &plain);

    if (err != OK)
        return err;
    if (unpack(ctx->arena, fields, plain, out) != OK)
        return ERR_FORGED;
    return ctx->now - out->at < MINI_TICKET_LIFE_S ? OK : ERR_EXPIRED;
}

enum err
mini_ticket_spend(struct ctx *ctx, const struct mini_ticket *ticket)
{
    struct digest id = digest_keyed_texts(&ctx->keys->index, "mini_ticket", ticket->id, NULL);

    return store_spent_insert(ctx->store, &id, "", ticket->at + MINI_TICKET_LIFE_S);
}
