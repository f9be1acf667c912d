/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/evidence.h"

#include "idp/tables/evidence.h"
#include "keys/handle.h"
#include "keys/secret.h"

#define ONCE_BYTES 16

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
insert_as(struct ctx *ctx, const char *evidence_id, const char *person_id, enum evidence_kind kind,
          const char *reference)
{
    const struct evidence_rule *rule = evidence_rule(kind);
    const struct stored_evidence row = {
        .person_id = person_id,
        .evidence_id = evidence_id,
        .kind = kind,
        .source = rule->source,
        .reference = reference,
        .detail = "",
        .proven_at = ctx->now,
        .expires_at = rule->life_s != 0 ? ctx->now + rule->life_s : 0,
    };

    return store_evidence_insert(ctx->store, &row);
}

enum err
evidence_add(struct ctx *ctx, const char *person_id, enum evidence_kind kind, const char *reference)
{
    const char *evidence_id;
    enum err err = id_new(ctx->env, ctx->arena, "e_", &evidence_id);

    return err == OK ? insert_as(ctx, evidence_id, person_id, kind, reference) : err;
}

enum err
evidence_add_once(struct ctx *ctx, const char *person_id, enum evidence_kind kind,
                  const char *reference)
{
    struct digest digest =
        digest_keyed_texts(&ctx->keys->index, "evidence", person_id, reference, NULL);
    const char *evidence_id = arena_printf(
        ctx->arena, "e_%s", base64url_encode(ctx->arena, bytes_of(digest.bytes, ONCE_BYTES)));

    return insert_as(ctx, evidence_id, person_id, kind, reference);
}
