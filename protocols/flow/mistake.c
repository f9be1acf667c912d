/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/mistake.h"

#include <string.h>

#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "keys/seal.h"
#include "protocols/http/cookies.h"
#include "protocols/http/params.h"
#include "protocols/http/respond.h"

#define CONTEXT "mistake.1"
#define LIFE_S 600
/* Browsers take 4096 bytes a cookie, its name and attributes included. */
#define COOKIE_BYTES 3600
#define NO_FIELD "-"

struct kept {
    const char *id; /* of the transaction */
    const char *path;
    const char *fields;  /* as many words as there are symbols, or fewer */
    const char *symbols; /* of the problems */
    const char *typed;   /* params_pack */
};

static const struct pack_field fields[] = {
    PACKED_TEXT(struct kept, id),     PACKED_TEXT(struct kept, path),
    PACKED_TEXT(struct kept, fields), PACKED_TEXT(struct kept, symbols),
    PACKED_TEXT(struct kept, typed),  PACKED_END,
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
    return text_list_has("password password_old password_again code bank_code csrf tx", name);
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

void
mistake_add(struct mistakes *mistakes, const char *field, const struct problem *problem)
{
    if (problem != NULL && mistakes->count < MISTAKES_MAX)
        mistakes->at[mistakes->count++] = (struct mistake) { field, problem };
}

bool
mistake_is_told(const struct mistakes *mistakes, const struct problem *problem)
{
    for (size_t i = 0; i < mistakes->count; i++)
        if (mistakes->at[i].problem == problem)
            return true;
    return false;
}

bool
mistakes_ask_to_wait(const struct mistakes *mistakes)
{
    for (size_t i = 0; i < mistakes->count; i++) {
        if (problem_is_temporary(mistakes->at[i].problem))
            return true;
    }
    return false;
}

static void
words_pack(struct request *rq, const struct mistakes *mistakes, struct kept *out)
{
    out->fields = "";
    out->symbols = "";
    for (size_t i = 0; i < mistakes->count; i++) {
        const struct mistake *mistake = &mistakes->at[i];
        const char *gap = i > 0 ? " " : "";

        out->fields = arena_printf(rq->arena, "%s%s%s", out->fields, gap,
                                   mistake->field != NULL ? mistake->field : NO_FIELD);
        out->symbols =
            arena_printf(rq->arena, "%s%s%s", out->symbols, gap, mistake->problem->symbol);
    }
}

const struct problem *
mistake_keep(struct request *rq, const struct transaction *tx, const char *path,
             const struct mistakes *mistakes)
{
    struct kept kept = { .id = tx->id, .path = path, .typed = typed_pack(rq) };
    const char *sealed;
    enum err err;

    words_pack(rq, mistakes, &kept);
    if (mistakes->count > 0)
        respond_tells(rq, mistakes->at[0].problem);
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

static void
words_unpack(struct request *rq, const struct kept *kept, struct mistakes *out)
{
    const char *beside = kept->fields;
    const char *symbols = kept->symbols;
    const char *symbol;
    size_t symbol_size;

    while ((symbol = text_next_word(&symbols, &symbol_size)) != NULL) {
        size_t size = 0;
        const char *field = text_next_word(&beside, &size);

        field = field != NULL ? arena_copy(rq->arena, field, size) : NO_FIELD;
        mistake_add(out, text_eq(field, NO_FIELD) ? NULL : field,
                    problem_find(symbol, symbol_size));
    }
}

void
mistake_find(struct request *rq, const struct transaction *tx, struct mistakes *out)
{
    const char *sealed = cookie_find(rq, cookie_name(rq, tx));
    struct params *typed = arena_alloc(rq->arena, sizeof(*typed));
    struct bytes plain;
    struct kept kept;

    *out = (struct mistakes) { .count = 0 };
    if (sealed == NULL ||
        seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) != OK ||
        unpack(rq->arena, fields, plain, &kept) != OK || !text_eq(kept.id, tx->id) ||
        !text_eq(kept.path, rq->path))
        return;
    words_unpack(rq, &kept, out);
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
