/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/consent.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/person/form.h"
#include "idp/store/consent.h"
#include "keys/handle.h"

static bool
word_is_covered(const struct consent_list *list, const char *word)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_list_has(list->at[i].scope, word))
            return true;
    return false;
}

static bool
all_words_covered(struct arena *arena, const struct consent_list *list, const char *scope)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&scope, &size)) != NULL)
        if (!word_is_covered(list, arena_copy(arena, word, size)))
            return false;
    return true;
}

enum err
consent_covers(struct ctx *ctx, const struct partner *partner, const char *person_id,
               const char *scope, bool *out)
{
    struct consent_subject subject = { person_id, PURPOSE_PARTNER, partner->profile.partner_id };
    struct consent_list list;
    enum err err;

    *out = partner->profile.consent_implied;
    if (*out)
        return OK;
    err = store_consent_list(ctx->store, ctx->arena, &subject, &list);
    if (err == OK)
        *out = all_words_covered(ctx->arena, &list, scope);
    return err;
}

struct giving {
    struct ctx *ctx;
    const struct digest *form;
    struct stored_consent row;
    bool given_before;
};

static enum err
give(struct store *st, void *state)
{
    struct giving *giving = state;
    enum err err = giving->form != NULL ? form_spend(giving->ctx, giving->form) : OK;

    giving->given_before = err == ERR_CONFLICT;
    if (err == OK)
        err = store_consent_insert(st, &giving->row);
    if (err == OK)
        err = audit_write(giving->ctx,
                          &(struct audit_record) { .event = AUDIT_CONSENT_GIVEN,
                                                   .reason = PURPOSE_PARTNER,
                                                   .person_id = giving->row.person_id,
                                                   .partner_id = giving->row.partner_id });
    return err;
}

enum err
consent_give(struct ctx *ctx, const struct partner *partner, const char *person_id,
             const char *scope, const struct digest *form)
{
    struct giving giving = { ctx,
                             form,
                             { .person_id = person_id,
                               .purpose = PURPOSE_PARTNER,
                               .partner_id = partner->profile.partner_id,
                               .scope = scope,
                               .text_digest = digest_of_text(scope),
                               .channel = ctx->channel,
                               .given_at = ctx->now },
                             false };
    enum err err = id_new(ctx->env, ctx->arena, "c_", &giving.row.consent_id);

    if (err == OK)
        err = store_change(ctx->store, give, &giving);
    return giving.given_before ? OK : err;
}
