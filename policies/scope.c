/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/scope.h"

#include <string.h>

#include "idp/base/text.h"

#define WORDS_MAX 32
#define SIZE_LIMIT 1024

const struct scope all_scopes[] = {
    { "openid", "sub auth_time acr amr", true },
    { "profile", "name", true },
    { "phone", "phone_number phone_number_verified", true },
    { "realname", "name identity_level verified_claims", true },
    { "identity_number", "identity_number", true },
    { "email", "email email_verified", false },
    { "address", "address", false },
    { "offline_access", "", true },
    { NULL, NULL, false },
};

static const struct scope *
find(const char *name, size_t size)
{
    for (const struct scope *scope = all_scopes; scope->name != NULL; scope++) {
        if (strlen(scope->name) == size && strncmp(scope->name, name, size) == 0)
            return scope;
    }
    return NULL;
}

const struct scope *
scope_find(const char *name)
{
    return find(name, strlen(name));
}

bool
scope_list_is_known(const char *list)
{
    const char *word;
    size_t size;

    /* We judge sizes first, so that a long list does not cost us the work of reading it. */
    if (strnlen(list, SIZE_LIMIT + 1) > SIZE_LIMIT || text_list_count(list) > WORDS_MAX)
        return false;
    while ((word = text_next_word(&list, &size)) != NULL) {
        if (find(word, size) == NULL)
            return false;
    }
    return true;
}

const struct problem *
scope_check(struct arena *arena, const char *asked, const char *registered, const char **granted)
{
    const char *list = asked != NULL ? asked : "";

    if (!scope_list_is_known(list) || !text_list_within(list, registered))
        return &problem_scope_invalid;
    *granted = text_list_common(arena, list, registered);
    return NULL;
}

bool
scope_has_openid(const char *scope)
{
    return text_list_has(scope, "openid");
}
