/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/claim_rule.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"

#define SINGLE "claim:"
#define SINGLE_SIZE (sizeof(SINGLE) - 1)

const struct claim_rule claim_rules[CLAIM_COUNT] = {
#define CLAIM(symbol, scopes, fact, verified) { #symbol, scopes, fact, verified },
#include "policies/claim.def"
#undef CLAIM
};

/* What scopes tell beside the claims that they carry. */
static const struct {
    const char *scope;
    enum fact fact;
} scope_facts[] = {
    { "openid", FACT_ID },
    { "offline_access", FACT_OFFLINE },
    { "device_sso", FACT_SIBLINGS },
    { "qr_login", FACT_QR },
};

static bool
is_single(const char *word, size_t size)
{
    return size > SINGLE_SIZE && strncmp(word, SINGLE, SINGLE_SIZE) == 0;
}

static bool
is_carried(const struct claim_rule *rule, const char *granted)
{
    const char *scopes = rule->scopes;
    const char *scope;
    size_t size;

    while ((scope = text_next_word(&scopes, &size)) != NULL)
        if (text_list_holds(granted, scope, size))
            return true;
    return false;
}

unsigned
claims_carried(const char *granted)
{
    unsigned claims = 0;

    for (unsigned i = 0; i < CLAIM_COUNT; i++)
        if (is_carried(&claim_rules[i], granted))
            claims |= CLAIM_BIT(i);
    return claims;
}

unsigned
claim_named(const char *name, size_t size)
{
    for (unsigned i = 0; i < CLAIM_COUNT; i++)
        if (strlen(claim_rules[i].name) == size && strncmp(claim_rules[i].name, name, size) == 0)
            return CLAIM_BIT(i);
    return 0;
}

unsigned
claims_singly(const char *granted)
{
    unsigned claims = 0;
    const char *word;
    size_t size;

    while ((word = text_next_word(&granted, &size)) != NULL)
        if (is_single(word, size))
            claims |= claim_named(word + SINGLE_SIZE, size - SINGLE_SIZE);
    return claims;
}

static unsigned
facts_of_claims(unsigned claims)
{
    unsigned facts = 0;

    for (unsigned i = 0; i < CLAIM_COUNT; i++)
        if ((claims & CLAIM_BIT(i)) != 0)
            facts |= claim_rules[i].fact;
    return facts;
}

unsigned
facts_told(const char *granted)
{
    unsigned facts = facts_of_claims(claims_carried(granted) | claims_singly(granted));

    for (size_t i = 0; i < sizeof(scope_facts) / sizeof(scope_facts[0]); i++)
        if (text_list_has(granted, scope_facts[i].scope))
            facts |= scope_facts[i].fact;
    return facts;
}

/* The words of one kind. */
static const char *
words_of_kind(struct arena *arena, const char *granted, bool single)
{
    struct buf list = buf_new(arena, 64);
    size_t skipped = single ? SINGLE_SIZE : 0;
    const char *word;
    size_t size;

    while ((word = text_next_word(&granted, &size)) != NULL) {
        if (is_single(word, size) != single)
            continue;
        buf_text(&list, list.size > 0 ? " " : "");
        buf_bytes(&list, word + skipped, size - skipped);
    }
    return list.at;
}

const char *
granted_scopes(struct arena *arena, const char *granted)
{
    return words_of_kind(arena, granted, false);
}

const char *
granted_claims(struct arena *arena, const char *granted)
{
    return words_of_kind(arena, granted, true);
}

const char *
granted_join(struct arena *arena, const char *scopes, const char *claims)
{
    struct buf list = buf_new(arena, strlen(scopes) + strlen(claims) + 32);
    const char *word;
    size_t size;

    buf_text(&list, scopes);
    while ((word = text_next_word(&claims, &size)) != NULL) {
        buf_text(&list, list.size > 0 ? " " SINGLE : SINGLE);
        buf_bytes(&list, word, size);
    }
    return list.at;
}

bool
granted_within(const char *asked, const char *given)
{
    unsigned facts = facts_told(given);
    const char *word;
    size_t size;

    while ((word = text_next_word(&asked, &size)) != NULL) {
        bool same_fact =
            is_single(word, size) &&
            (facts_of_claims(claim_named(word + SINGLE_SIZE, size - SINGLE_SIZE)) & facts) != 0;

        if (!same_fact && !text_list_holds(given, word, size))
            return false;
    }
    return true;
}
