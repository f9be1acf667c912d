/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/staff_rules.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/card_region.h"

#define EVERY_ROLE "*"

static const struct staff_role_row {
    const char *name;
    bool stands_alone;
} roles_known[STAFF_ROLES] = {
    [STAFF_ROLE_none] = { "", true },
#define STAFF_ROLE(symbol, alone) [STAFF_ROLE_##symbol] = { #symbol, alone },
#include "policies/staff_role.def"
#undef STAFF_ROLE
};

static const struct staff_verb_row {
    const char *name;
    const char *roles;
} verbs[STAFF_VERBS] = {
    [STAFF_VERB_unset] = { "unset", "" },
    [STAFF_VERB_open] = { "open", "" },
#define STAFF_VERB(symbol, roles) [STAFF_VERB_##symbol] = { #symbol, roles },
#include "policies/staff_verb.def"
#undef STAFF_VERB
};

const char *
staff_role_name(enum staff_role role)
{
    return roles_known[role].name;
}

const char *
staff_verb_name(enum staff_verb verb)
{
    return verbs[verb].name;
}

static const struct staff_role_row *
role_find(const char *word, size_t size)
{
    for (size_t i = STAFF_ROLE_none + 1; i < STAFF_ROLES; i++)
        if (strlen(roles_known[i].name) == size && strncmp(roles_known[i].name, word, size) == 0)
            return &roles_known[i];
    return NULL;
}

bool
staff_roles_are_sound(const char *roles)
{
    const char *word;
    size_t size;
    size_t count = 0;
    bool stands_alone = false;

    while ((word = text_next_word(&roles, &size)) != NULL) {
        const struct staff_role_row *role = role_find(word, size);

        if (role == NULL)
            return false;
        stands_alone = stands_alone || role->stands_alone;
        count++;
    }
    return count > 0 && (count == 1 || !stands_alone);
}

bool
staff_may(const char *roles, enum staff_verb verb)
{
    const char *allowed = verbs[verb].roles;
    const char *word;
    size_t size;

    if (!staff_roles_are_sound(roles))
        return false;
    if (text_eq(allowed, EVERY_ROLE))
        return true;
    while ((word = text_next_word(&roles, &size)) != NULL)
        if (text_list_holds(allowed, word, size))
            return true;
    return false;
}

bool
staff_region_may(const char *of, const char *whose)
{
    return text_is_empty(whose) || (!text_is_empty(of) && card_region_lies_in(whose, of));
}

static bool
is_known(struct bytes person_key)
{
    return person_key.size > 0;
}

bool
staff_second_may(const struct staff_hand *first, const struct staff_hand *second)
{
    return is_known(first->person_key) && is_known(second->person_key) &&
           !text_eq(first->staff_id, second->staff_id) &&
           !bytes_eq(first->person_key, second->person_key) &&
           !text_eq(first->counter_id, second->counter_id);
}
