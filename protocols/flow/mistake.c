/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/mistake.h"

#include <string.h>

#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "keys/seal.h"
#include "protocols/http/cookies.h"
#include "protocols/http/params.h"

#define CONTEXT "mistake.1"
#define LIFE_S 600
/* Browsers take 4096 bytes a cookie, its name and attributes included. */
#define COOKIE_BYTES 3600

struct kept {
    const char *id; /* of the transaction */
    const char *path;
    const char *field;
    const char *symbol;
    const char *typed; /* params_pack */
};

static const struct pack_field fields[] = {
    PACKED_TEXT(struct kept, id),    PACKED_TEXT(struct kept, path),
    PACKED_TEXT(struct kept, field), PACKED_TEXT(struct kept, symbol),
    PACKED_TEXT(struct kept, typed), PACKED_END,
};

static const char *
cookie_name(struct request *rq, const struct transaction *tx)
{
    return arena_printf(rq->arena, MISTAKE_COOKIE "%s", tx->id);
}

/* Of these it is told that they stood in the form, and no more. */
static bool
is_secret(const char *name)
{
    return text_list_has("password password_again code bank_code csrf tx", name);
}

static const char *
typed_pack(struct request *rq)
{
    const struct params *form = &rq->form;
    struct params typed = {
        .count = form->count,
        .names = form->names,
        .values = arena_alloc(rq->arena, (form->count + 1) * sizeof(*typed.values)),
    };

    for (size_t i = 0; i < form->count; i++)
        typed.values[i] = is_secret(form->names[i]) ? "" : form->values[i];
    return params_pack(rq->arena, &typed);
}

const struct problem *
mistake_keep(struct request *rq, const struct transaction *tx, const char *path,
             const struct mistake *mistake)
{
    struct kept kept = {
        .id = tx->id,
        .path = path,
        .field = mistake->field,
        .symbol = mistake->problem != NULL ? mistake->problem->symbol : "",
        .typed = typed_pack(rq),
    };
    const char *sealed;
    enum err err;

    if (transaction_sealed_size(strlen(kept.typed)) > COOKIE_BYTES)
        kept.typed = "";
    err = seal_text(&rq->ctx->keys->seal, rq->ctx->env, rq->arena, CONTEXT,
                    pack(rq->arena, fields, rq->ctx->settings->upgrade.sealed_layout, &kept),
                    &sealed);
    if (err != OK)
        return problem_of(err);
    cookie_set(rq, cookie_name(rq, tx), sealed, LIFE_S);
    return NULL;
}

static const struct problem *
problem_find(const char *symbol)
{
    for (const struct problem *const *problem = all_problems; *problem != NULL; problem++)
        if (text_eq((*problem)->symbol, symbol))
            return *problem;
    return NULL;
}

void
mistake_find(struct request *rq, const struct transaction *tx, struct mistake *out)
{
    const char *sealed = cookie_find(rq, cookie_name(rq, tx));
    struct params *typed = arena_alloc(rq->arena, sizeof(*typed));
    struct bytes plain;
    struct kept kept;

    *out = (struct mistake) { .problem = NULL };
    if (sealed == NULL ||
        seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) != OK ||
        unpack(rq->arena, fields, plain, &kept) != OK || !text_eq(kept.id, tx->id) ||
        !text_eq(kept.path, rq->path))
        return;
    out->field = text_is_empty(kept.field) ? NULL : kept.field;
    out->problem = problem_find(kept.symbol);
    if (params_unpack(rq->arena, kept.typed, typed) == OK)
        rq->typed = typed;
}

void
mistake_forget(struct request *rq, const struct transaction *tx)
{
    const char *name = cookie_name(rq, tx);

    if (cookie_find(rq, name) != NULL)
        cookie_clear(rq, name);
}
