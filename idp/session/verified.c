/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/verified.h"

#include "idp/base/text.h"
#include "policies/claim_rule.h"
#include "policies/paper.h"

static void
check_add(struct arena *arena, struct detail *checks, const struct standing *standing,
          const char *method)
{
    struct detail *check = detail_add(arena, checks, DETAIL_OBJECT, NULL);

    detail_add_text(arena, check, "check_method", method);
    check->last->flags = DETAIL_ALWAYS;
    detail_add_text(arena, check, "organization", standing->source);
    detail_add_text(arena, check, "check_id", standing->reference);
    detail_add_time(arena, check, "time", standing->proven_at);
}

/* Of those that such evidence may be of, the one that it is of; one that says nothing is of the first. */
static const char *
record_type(struct arena *arena, const struct evidence_rule *rule, const struct standing *standing)
{
    const char *list = text_is_empty(standing->detail) ? rule->record : standing->detail;
    const char *first;
    size_t size;

    first = text_next_word(&list, &size);
    if (first == NULL)
        return "";
    first = arena_copy(arena, first, size);
    return text_is_empty(standing->detail) ? first : paper_record(paper_named(first));
}

/* What was looked at: a document with its issuer, or a record with its source. */
static void
looked_at_add(struct arena *arena, struct detail *evidence, const struct evidence_rule *rule,
              const struct standing *standing)
{
    bool document = text_eq(rule->type, "document");
    struct detail *record =
        detail_add(arena, evidence, DETAIL_OBJECT, document ? "document_details" : "record");
    struct detail *source;

    detail_add_text(arena, record, "type", record_type(arena, rule, standing));
    record->last->flags = DETAIL_ALWAYS;
    source = detail_add(arena, record, DETAIL_OBJECT, document ? "issuer" : "source");
    if (!document)
        detail_add_text(arena, source, "name", standing->source);
    detail_add_text(arena, source, "country_code", "CHN");
}

static void
evidence_tell(struct arena *arena, struct detail *verification, const struct evidence_rule *rule,
              const struct standing *standing)
{
    struct detail *list = detail_add(arena, verification, DETAIL_LIST, "evidence");
    struct detail *evidence = detail_add(arena, list, DETAIL_OBJECT, NULL);
    const char *methods = rule->check_methods;
    struct detail *checks;
    const char *method;
    size_t size;

    detail_add_text(arena, evidence, "type", rule->type);
    evidence->last->flags = DETAIL_ALWAYS;
    checks = detail_add(arena, evidence, DETAIL_LIST, "check_details");
    while ((method = text_next_word(&methods, &size)) != NULL)
        check_add(arena, checks, standing, arena_copy(arena, method, size));
    looked_at_add(arena, evidence, rule, standing);
}

static void
claims_add(struct arena *arena, struct detail *verified, const struct person *person,
           unsigned claims)
{
    struct detail *list = detail_add(arena, verified, DETAIL_OBJECT, "claims");

    list->flags = DETAIL_ALWAYS | DETAIL_SINGLY;
    if ((claims & CLAIM_BIT(CLAIM_name)) != 0)
        detail_add_text(arena, list, "name", person->name);
    if ((claims & CLAIM_BIT(CLAIM_identity_number)) == 0)
        return;
    detail_add_text(arena, list, "identity_number", person->identity_number);
    list->last->flags = DETAIL_BY_NAME;
}

struct detail *
verified_claims_make(struct arena *arena, const struct person *person,
                     const struct standing *standing, unsigned claims)
{
    const struct evidence_rule *rule = evidence_rule(standing->kind);
    struct detail *verified = detail_new(arena, DETAIL_OBJECT, "verified_claims");
    struct detail *verification;

    if (text_is_empty(rule->type))
        return NULL;
    verification = detail_add(arena, verified, DETAIL_OBJECT, "verification");
    verification->flags = DETAIL_BRIEF;
    detail_add_text(arena, verification, "trust_framework", TRUST_FRAMEWORK);
    verification->last->flags = DETAIL_ALWAYS;
    detail_add_text(arena, verification, "assurance_level",
                    arena_printf(arena, "l%d", standing->level));
    detail_add_time(arena, verification, "time", standing->proven_at);
    evidence_tell(arena, verification, rule, standing);
    claims_add(arena, verified, person, claims);
    return verified;
}
