/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/evidence.h"

#include "idp/tables/evidence.h"
#include "keys/handle.h"

static struct evidence_view
view_of(const struct stored_evidence *row)
{
    return (struct evidence_view) {
        .kind = (enum evidence_kind)row->kind,
        .proven_at = row->proven_at,
        .expires_at = row->expires_at,
        .withdrawn = row->withdrawn_at != 0,
    };
}

enum err
evidence_standing(struct ctx *ctx, const char *person_id, struct standing *out)
{
    struct evidence_list list;
    enum err err = store_evidence_list(ctx->store, ctx->arena, person_id, &list);

    if (err != OK)
        return err;
    *out = (struct standing) { .source = "", .reference = "" };
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_evidence *row = &list.at[i];
        struct evidence_view view = view_of(row);
        int level = identity_level(&view, 1, ctx->now);

        /* Newest first: of two of one worth the newer one speaks. */
        if (level > out->level)
            *out =
                (struct standing) { level, view.kind, row->source, row->reference, row->proven_at };
    }
    return OK;
}

static enum err
add(struct ctx *ctx, struct stored_evidence *row)
{
    enum err err = id_new(ctx->env, ctx->arena, "e_", &row->evidence_id);

    row->detail = "";
    row->proven_at = ctx->now;
    return err == OK ? store_evidence_insert(ctx->store, row) : err;
}

enum err
evidence_add_bank_card(struct ctx *ctx, const char *person_id, const char *order_id)
{
    return add(ctx, &(struct stored_evidence) {
                        .person_id = person_id,
                        .kind = EVIDENCE_BANK_CARD,
                        .source = "China UnionPay",
                        .reference = order_id,
                        .expires_at = ctx->now + EVIDENCE_BANK_CARD_LIFE_S,
                    });
}

enum err
evidence_add_phone(struct ctx *ctx, const char *person_id)
{
    return add(ctx, &(struct stored_evidence) {
                        .person_id = person_id,
                        .kind = EVIDENCE_PHONE,
                        .source = "SMS",
                        .reference = "",
                    });
}
