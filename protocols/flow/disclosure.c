/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/disclosure.h"

#include "idp/person/card_mirror.h"
#include "policies/card_reading.h"
#include "policies/claim_rule.h"
#include "policies/identity_number.h"
#include "policies/name.h"
#include "policies/phone.h"
#include "protocols/pages/standing.h"

/* One line of the page for each fact that is told; how her identity was proven has one of its own. */
static const struct {
    enum fact fact;
    enum word title;
    enum word why;
} lines[] = {
    { FACT_ID, WORD_scope_openid, WORD_scope_openid_why },
    { FACT_NAME, WORD_scope_profile, WORD_scope_profile_why },
    { FACT_PHONE, WORD_scope_phone, WORD_scope_phone_why },
    { FACT_IDENTITY_NUMBER, WORD_scope_identity, WORD_scope_identity_why },
    { FACT_CARD, WORD_scope_card, WORD_scope_card_why },
    { FACT_CARD_NUMBER, WORD_scope_card_number, WORD_scope_card_number_why },
    { FACT_OFFLINE, WORD_scope_offline, WORD_scope_offline_why },
    { FACT_SIBLINGS, WORD_scope_siblings, WORD_scope_siblings_why },
    { FACT_QR, WORD_scope_qr, WORD_scope_qr_why },
};

static const char *
value_of(struct request *rq, enum fact fact, const struct disclosure *disclosure)
{
    const struct person *person = &disclosure->person;

    switch (fact) {
    case FACT_NAME:
        return name_masked(rq->arena, person->name);
    case FACT_PHONE:
        return phone_masked(rq->arena, person->phone);
    case FACT_IDENTITY_NUMBER:
        return identity_number_masked(rq->arena, person->identity_number);
    case FACT_CARD_NUMBER:
        return disclosure->card_number;
    default:
        return "";
    }
}

/* Who has none agrees to tell of one that she may have one day, and is told so. */
static enum word
card_word(const struct disclosure *disclosure)
{
    if (!disclosure->has_card)
        return WORD_scope_card_none;
    if (disclosure->card_unsure)
        return WORD_card_state_stale;
    return disclosure->card.state == CARD_ACTIVE ? WORD_scope_card_good : WORD_scope_card_stopped;
}

static bool
is_of_card(enum fact fact)
{
    return fact == FACT_CARD || fact == FACT_CARD_NUMBER;
}

static enum err
card_load(struct ctx *ctx, const char *person_id, unsigned facts, struct disclosure *out)
{
    const char *number;
    enum err err = card_find(ctx, person_id, &out->card);

    out->has_card = err == OK;
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    out->card_unsure = out->card.state == CARD_ACTIVE && card_mirror_fresh(ctx) != NULL;
    if ((facts & FACT_CARD_NUMBER) == 0 || out->card.physical.number_sealed.size == 0)
        return OK;
    err = physical_number_open(ctx, &out->card.physical, &number);
    if (err == OK)
        out->card_number = card_no_masked(ctx->arena, number);
    return err;
}

enum err
disclosure_load(struct ctx *ctx, const char *person_id, const char *scope, struct disclosure *out)
{
    unsigned facts = facts_told(scope);
    enum err err;

    *out = (struct disclosure) { .card_number = "" };
    err = person_load(ctx, person_id, &out->person);
    if (err == OK)
        err = evidence_standing(ctx, person_id, &out->standing);
    if (err == OK && (facts & (FACT_CARD | FACT_CARD_NUMBER)) != 0)
        err = card_load(ctx, person_id, facts, out);
    return err;
}

void
disclosure_add(struct request *rq, struct page *page, const char *scope,
               const struct disclosure *disclosure)
{
    unsigned facts = facts_told(scope);

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct page *row;

        if ((facts & lines[i].fact) == 0)
            continue;
        row = page_row(page, "data");
        page_word(row, "title", lines[i].title);
        page_word(row, "explanation", lines[i].why);
        if (is_of_card(lines[i].fact) && (lines[i].fact == FACT_CARD || !disclosure->has_card))
            page_word(row, "value", card_word(disclosure));
        else
            page_text(row, "value", value_of(rq, lines[i].fact, disclosure));
    }
    if ((facts & FACT_STANDING) != 0)
        page_standing(page, rq->arena, &disclosure->standing);
}

const char *
disclosure_account(struct request *rq, const struct disclosure *disclosure)
{
    return arena_printf(rq->arena, "%s %s", name_masked(rq->arena, disclosure->person.name),
                        phone_masked(rq->arena, disclosure->person.phone));
}
