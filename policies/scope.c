/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/scope.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"

#define WORDS_MAX 32
#define SIZE_LIMIT 1024

const char *const all_scopes[] = {
    "openid",    "profile",     "phone",      "realname", "identity_number", "offline_access",
    "card",      "card_number", "device_sso", /* idp/session/native_sso.h */
    "qr_login",                               /* log a browser in that shows a code: for apps */
    SCOPE_STAFF,                              /* who logs in is a member of staff */
    "email",     "address",                   /* we hold no such data */
    NULL,
};

static bool
is_known(const char *word, size_t size)
{
    for (const char *const *scope = all_scopes; *scope != NULL; scope++) {
        if (strlen(*scope) == size && strncmp(*scope, word, size) == 0)
            return true;
    }
    return false;
}

/* We judge sizes first, so that a long list does not cost us the work of reading it. */
static bool
is_bounded(const char *list)
{
    return strnlen(list, SIZE_LIMIT + 1) <= SIZE_LIMIT && text_list_count(list) <= WORDS_MAX;
}

bool
scope_list_is_known(const char *list)
{
    const char *word;
    size_t size;

    if (!is_bounded(list))
        return false;
    while ((word = text_next_word(&list, &size)) != NULL) {
        if (!is_known(word, size))
            return false;
    }
    return true;
}

/* Without one word. */
static const char *
list_without(struct arena *arena, const char *list, const char *word)
{
    struct buf left = buf_new(arena, strlen(list) + 1);
    const char *next;
    size_t size;

    while ((next = text_next_word(&list, &size)) != NULL) {
        if (size == strlen(word) && strncmp(next, word, size) == 0)
            continue;
        buf_text(&left, left.size > 0 ? " " : "");
        buf_bytes(&left, next, size);
    }
    return left.at;
}

const char *
scope_ceiling(struct arena *arena, const struct scope_bounds *bounds)
{
    return bounds->of_staff ? text_list_common(arena, bounds->registered, SCOPES_OF_STAFF)
                            : list_without(arena, bounds->registered, SCOPE_STAFF);
}

const struct problem *
scope_check(struct arena *arena, const char *asked, const struct scope_bounds *bounds,
            const char **granted)
{
    const char *list = asked != NULL ? asked : "";
    const char *ceiling;
    const char *left;

    if (!is_bounded(list))
        return &problem_scope_invalid;
    ceiling = scope_ceiling(arena, bounds);
    if (bounds->strict && !text_list_within(list, ceiling))
        return &problem_scope_invalid;
    left = text_list_common(arena, list, ceiling);
    if (text_is_empty(left) && text_list_count(list) > 0)
        return &problem_scope_invalid;
    *granted = left;
    return NULL;
}

bool
scope_has_openid(const char *scope)
{
    return text_list_has(scope, "openid");
}
