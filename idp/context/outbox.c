/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/outbox.h"

#include "idp/context/bell.h"
#include "keys/handle.h"

static const char *
known(const char *text)
{
    return text != NULL ? text : "";
}

enum err
outbox_put(struct ctx *ctx, const struct outbox_entry *entry)
{
    struct stored_delivery row = {
        .kind = entry->kind,
        .partner_id = known(entry->partner_id),
        .person_id = known(entry->person_id),
        .sid = known(entry->sid),
        .payload = known(entry->payload),
        .next_at = ctx->now,
        .outcome = "",
        .answer = "",
        .created_at = ctx->now,
    };
    enum err err = id_new(ctx->env, ctx->arena, "d_", &row.delivery_id);

    if (err == OK)
        err = store_delivery_insert(ctx->store, &row);
    ctx->outbox_filled |= err == OK;
    return err;
}

void
outbox_wake(struct ctx *ctx)
{
    if (ctx->outbox_filled)
        bell_ring(ctx->services->outbox);
    ctx->outbox_filled = false;
}
