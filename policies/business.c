/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/business.h"

#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "policies/scope.h"
#include "policies/staff_rules.h"

#define CODE_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789._-"
#define NAME_MAX_BYTES 128
#define LIST_MAX_BYTES 512
#define MEMBERS "code name name#en scope roles second"

/* What outlives the quarter of an hour, lets others in, or is the member of staff's own, is not had for a citizen. */
#define NOT_FOR_OTHERS "offline_access device_sso qr_login " SCOPE_STAFF

/* --- Reading: each answers NULL or what is wrong --- */

static const char *
unknown_in(struct arena *arena, const json_t *element)
{
    const json_t *value;
    const char *name;
    void *at = NULL;

    while ((name = member_next(element, &at, &value)) != NULL)
        if (!text_list_has(MEMBERS, name))
            return arena_printf(arena, "%.64s: there is no such member", name);
    return NULL;
}

static bool
is_printable(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

static const char *
code_read(struct arena *arena, const json_t *element, struct business *out)
{
    const char *code;

    if (member_text(element, "code", BUSINESS_CODE_MAX, &code) != OK || code[0] == '\0' ||
        strspn(code, CODE_CHARACTERS) != strlen(code))
        return "code must be 1 to 40 of a-z 0-9 . _ -";
    out->code = arena_text(arena, code);
    return NULL;
}

static const char *
name_read(struct arena *arena, const json_t *element, const char *member, const char **out)
{
    const char *name;
    enum err err = member_text(element, member, NAME_MAX_BYTES, &name);

    if (err == ERR_NOT_FOUND && *out != NULL) /* there is one already */
        return NULL;
    if (err != OK || name[0] == '\0' || !is_printable(name))
        return arena_printf(arena, "%s must be a text of 1 to %d bytes", member, NAME_MAX_BYTES);
    *out = arena_text(arena, name);
    return NULL;
}

static const char *
names_read(struct arena *arena, const json_t *element, struct business *out)
{
    const char *complaint;

    out->name_zh = NULL;
    complaint = name_read(arena, element, "name", &out->name_zh);
    if (complaint != NULL)
        return complaint;
    out->name_en = out->name_zh;
    return name_read(arena, element, "name#en", &out->name_en);
}

static const char *
scope_read(struct arena *arena, const json_t *element, struct business *out)
{
    const char *scope;

    if (member_text(element, "scope", LIST_MAX_BYTES, &scope) != OK || !scope_list_is_known(scope))
        return "scope must be words that we know";
    if (!scope_has_openid(scope))
        return "scope must have openid: a business is done for somebody";
    if (!text_is_empty(text_list_common(arena, scope, NOT_FOR_OTHERS)))
        return "scope must have none of " NOT_FOR_OTHERS;
    out->scope = text_list_common(arena, scope, scope);
    return NULL;
}

static bool
roles_may_act(struct arena *arena, const char *roles)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&roles, &size)) != NULL)
        if (!staff_may(arena_copy(arena, word, size), STAFF_VERB_act))
            return false;
    return true;
}

static const char *
roles_read(struct arena *arena, const json_t *element, struct business *out)
{
    const char *roles;

    if (member_words(arena, element, "roles", LIST_MAX_BYTES, &roles) != OK ||
        text_is_empty(roles) || !roles_may_act(arena, roles))
        return "roles must be an array, not empty, of roles that may act for citizens "
               "(policies/staff_verb.def)";
    out->roles = text_list_common(arena, roles, roles);
    return NULL;
}

static const char *
second_read(const json_t *element, struct business *out)
{
    out->second = false;
    return member_bool(element, "second", &out->second) == ERR_INVALID
               ? "second must be true or false"
               : NULL;
}

static const char *
business_read(struct arena *arena, const json_t *element, struct business *out)
{
    const char *complaint = unknown_in(arena, element);

    if (complaint == NULL)
        complaint = code_read(arena, element, out);
    if (complaint == NULL)
        complaint = names_read(arena, element, out);
    if (complaint == NULL)
        complaint = scope_read(arena, element, out);
    if (complaint == NULL)
        complaint = roles_read(arena, element, out);
    return complaint != NULL ? complaint : second_read(element, out);
}

const char *
business_list_read(struct arena *arena, const json_t *value, struct business_list *out)
{
    struct business_list list = { .count = 0 };

    if (!json_is_array(value) || json_array_size(value) == 0)
        return "must be an array that is not empty";
    if (json_array_size(value) > BUSINESSES_MAX)
        return "has more than 64 entries";
    list.at = arena_alloc(arena, json_array_size(value) * sizeof(*list.at));
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct business *business = &list.at[i];
        const char *complaint = business_read(arena, json_array_get(value, i), business);

        if (complaint != NULL)
            return arena_printf(arena, "entry %d: %s", (int)i + 1, complaint);
        if (business_find(&list, business->code) != NULL)
            return arena_printf(arena, "entry %d: code %s stands twice", (int)i + 1,
                                business->code);
        list.count++;
    }
    *out = list;
    return NULL;
}

/* --- Writing and finding --- */

static void
business_write(struct buf *buf, const struct business *business)
{
    emit_object(buf, NULL);
    emit_text(buf, "code", business->code);
    emit_text(buf, "name", business->name_zh);
    emit_text(buf, "name#en", business->name_en);
    emit_text(buf, "scope", business->scope);
    emit_list(buf, "roles", business->roles);
    if (business->second)
        emit_bool(buf, "second", true);
    emit_object_end(buf);
}

void
business_list_write(struct buf *buf, const char *name, const struct business_list *list)
{
    if (list->count == 0)
        return;
    emit_array(buf, name);
    for (size_t i = 0; i < list->count; i++)
        business_write(buf, &list->at[i]);
    emit_array_end(buf);
}

const struct business *
business_find(const struct business_list *list, const char *code)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_eq(list->at[i].code, code))
            return &list->at[i];
    return NULL;
}
