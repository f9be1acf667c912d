/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/disclosure.h"

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
    { FACT_OFFLINE, WORD_scope_offline, WORD_scope_offline_why },
    { FACT_SIBLINGS, WORD_scope_siblings, WORD_scope_siblings_why },
    { FACT_QR, WORD_scope_qr, WORD_scope_qr_why },
};

static const char *
value_of(struct request *rq, enum fact fact, const struct person *person)
{
    switch (fact) {
    case FACT_NAME:
        return name_masked(rq->arena, person->name);
    case FACT_PHONE:
        return phone_masked(rq->arena, person->phone);
    case FACT_IDENTITY_NUMBER:
        return identity_number_masked(rq->arena, person->identity_number);
    default:
        return "";
    }
}

enum err
disclosure_load(struct ctx *ctx, const char *person_id, struct disclosure *out)
{
    enum err err = person_load(ctx, person_id, &out->person);

    return err == OK ? evidence_standing(ctx, person_id, &out->standing) : err;
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
        page_text(row, "value", value_of(rq, lines[i].fact, &disclosure->person));
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
