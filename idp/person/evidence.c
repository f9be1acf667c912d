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
    *out = (struct standing) { .source = "", .reference = "", .detail = "" };
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_evidence *row = &list.at[i];
        struct evidence_view view = view_of(row);
        int level = identity_level(&view, 1, ctx->now);

        /* Newest first: of two of one worth the newer one speaks. */
        if (level > out->level)
            *out = (struct standing) { level,          view.kind,   row->source,
                                       row->reference, row->detail, row->proven_at };
    }
    return OK;
}

static struct stored_evidence
row_as(const struct ctx *ctx, const char *person_id, enum evidence_kind kind, const char *reference)
{
    const struct evidence_rule *rule = evidence_rule(kind);

    return (struct stored_evidence) {
        .person_id = person_id,
        .kind = kind,
        .source = rule->source,
        .reference = reference,
        .detail = "",
        .proven_at = ctx->now,
        .expires_at = rule->life_s != 0 ? ctx->now + rule->life_s : 0,
    };
}

enum err
evidence_add(struct ctx *ctx, const char *person_id, enum evidence_kind kind, const char *reference)
{
    struct stored_evidence row = row_as(ctx, person_id, kind, reference);
    enum err err = id_new(ctx->env, ctx->arena, "e_", &row.evidence_id);

    return err == OK ? store_evidence_insert(ctx->store, &row) : err;
}

enum err
evidence_add_document(struct ctx *ctx, const char *person_id, const char *reference,
                      const char *detail)
{
    struct stored_evidence row = row_as(ctx, person_id, EVIDENCE_COUNTER, reference);
    enum err err = id_new(ctx->env, ctx->arena, "e_", &row.evidence_id);

    row.detail = detail;
    return err == OK ? store_evidence_insert(ctx->store, &row) : err;
}

enum err
evidence_withdraw(struct ctx *ctx, const char *person_id)
{
    return store_evidence_withdraw(ctx->store, person_id, EVIDENCE_PHONE, ctx->now);
}

enum err
evidence_add_once(struct ctx *ctx, const char *person_id, enum evidence_kind kind,
                  const char *reference)
{
    struct digest digest =
        digest_keyed_texts(&ctx->keys->index, "evidence", person_id, reference, NULL);
    struct stored_evidence row = row_as(ctx, person_id, kind, reference);

    row.evidence_id = arena_printf(
        ctx->arena, "e_%s", base64url_encode(ctx->arena, bytes_of(digest.bytes, ONCE_BYTES)));
    return store_evidence_insert(ctx->store, &row);
}
