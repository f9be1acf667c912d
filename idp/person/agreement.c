/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/agreement.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/form.h"
#include "keys/handle.h"
#include "policies/claim_rule.h"

/* Of those who give the same at once all but one lose their first try, and
 * find it given at the next. */
#define TRIES 5

/* What there is of an agreement. */
struct given {
    struct stored_consent row;
    bool there;        /* there is a row */
    bool holds;        /* and it is all that is asked for */
    const char *scope; /* what of it still counts */
};

static enum err
given_read(struct ctx *ctx, const struct agreement *agreement, struct given *out)
{
    const struct stored_consent *row = &out->row;
    enum err err;

    *out = (struct given) { .scope = "" };
    err = store_consent_find(ctx->store, ctx->arena, &agreement->subject, &out->row);
    out->there = err == OK;
    if (err != OK || row->given_at < agreement->since)
        return err == ERR_NOT_FOUND ? OK : err;
    out->scope = row->scope;
    out->holds = agreement->scope[0] != '\0' ? granted_within(agreement->scope, row->scope)
                                             : digest_eq(&agreement->text, &row->text_digest);
    return OK;
}

enum err
agreement_holds(struct ctx *ctx, const struct agreement *agreement, bool *out)
{
    struct given given;
    enum err err = given_read(ctx, agreement, &given);

    *out = given.holds;
    return err;
}

struct giving {
    const struct agreement *agreements;
    struct given *given;
    const char **aside; /* an id for what each takes the place of */
    size_t count;
    const struct digest *form;
    bool form_was_used;
};

/* What was allowed before goes on being allowed: she has agreed to both. */
static const char *
all_words(struct arena *arena, const char *before, const char *scope)
{
    const char *all = before;
    const char *word;
    size_t size;

    while ((word = text_next_word(&scope, &size)) != NULL) {
        const char *one = arena_copy(arena, word, size);

        if (!text_list_has(all, one))
            all = all[0] == '\0' ? one : arena_printf(arena, "%s %s", all, one);
    }
    return all;
}

static enum err
put(struct ctx *ctx, const struct giving *giving, size_t i)
{
    const struct agreement *agreement = &giving->agreements[i];
    const struct consent_subject *subject = &agreement->subject;
    const struct given *given = &giving->given[i];
    struct stored_consent row = {
        .person_id = subject->person_id,
        .purpose = subject->purpose,
        .partner_id = subject->partner_id,
        .scope = all_words(ctx->arena, given->scope, agreement->scope),
        .text_digest = agreement->text,
        .channel = ctx->channel,
        .given_at = ctx->now,
    };
    enum err err = OK;

    if (given->there)
        err = store_consent_withdraw(ctx->store, &given->row, giving->aside[i], ctx->now);
    if (err == ERR_NOT_FOUND) /* another has taken its place a moment ago */
        return ERR_CONFLICT;
    if (err == OK)
        err = store_consent_insert(ctx->store, &row);
    if (err == OK)
        err =
            audit_write(ctx, &(struct audit_record) { .event = AUDIT_CONSENT_GIVEN,
                                                      .reason = subject->purpose,
                                                      .subject = subject_person(subject->person_id),
                                                      .partner_id = subject->partner_id });
    return err;
}

static enum err
missing_read(struct ctx *ctx, struct giving *giving, bool *missing)
{
    enum err err = OK;

    *missing = false;
    for (size_t i = 0; err == OK && i < giving->count; i++) {
        err = given_read(ctx, &giving->agreements[i], &giving->given[i]);
        *missing = *missing || !giving->given[i].holds;
    }
    return err;
}

/* Looks once more: somebody may have given it since. */
static enum err
put_missing(struct ctx *ctx, void *state)
{
    struct giving *giving = state;
    bool missing;
    enum err err = giving->form != NULL ? form_spend(ctx, giving->form) : OK;

    giving->form_was_used = err == ERR_CONFLICT;
    if (err == OK)
        err = missing_read(ctx, giving, &missing);
    for (size_t i = 0; err == OK && i < giving->count; i++)
        if (!giving->given[i].holds)
            err = put(ctx, giving, i);
    return err;
}

static enum err
aside_make(struct ctx *ctx, struct giving *giving)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < giving->count; i++)
        err = id_new(ctx->env, ctx->arena, "c_", &giving->aside[i]);
    return err;
}

/* A form is spent also by who has agreed already. */
static enum err
give_once(struct ctx *ctx, struct giving *giving)
{
    bool missing;
    enum err err = missing_read(ctx, giving, &missing);

    if (err == OK && (missing || giving->form != NULL))
        err = change(ctx, put_missing, giving);
    return giving->form_was_used ? OK : err;
}

enum err
agreements_give(struct ctx *ctx, const struct agreement *agreements, size_t count,
                const struct digest *form)
{
    struct giving giving = {
        .agreements = agreements,
        .given = arena_alloc(ctx->arena, count * sizeof(*giving.given)),
        .aside = arena_alloc(ctx->arena, count * sizeof(*giving.aside)),
        .count = count,
        .form = form,
    };
    enum err err = aside_make(ctx, &giving);

    if (err != OK)
        return err;
    err = ERR_CONFLICT;
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++)
        err = give_once(ctx, &giving);
    return err == ERR_CONFLICT ? ERR_BUSY : err;
}
