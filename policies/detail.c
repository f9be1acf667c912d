/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/detail.h"

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"

/* --- Building --- */

struct detail *
detail_new(struct arena *arena, enum detail_kind kind, const char *name)
{
    struct detail *detail = arena_alloc(arena, sizeof(*detail));

    *detail = (struct detail) { .kind = kind, .name = name, .text = "" };
    return detail;
}

struct detail *
detail_add(struct arena *arena, struct detail *parent, enum detail_kind kind, const char *name)
{
    struct detail *detail = detail_new(arena, kind, name);

    if (parent->last != NULL)
        parent->last->next = detail;
    else
        parent->first = detail;
    parent->last = detail;
    return detail;
}

void
detail_add_text(struct arena *arena, struct detail *parent, const char *name, const char *text)
{
    if (!text_is_empty(text))
        detail_add(arena, parent, DETAIL_TEXT, name)->text = text;
}

void
detail_add_number(struct arena *arena, struct detail *parent, const char *name, int64_t number)
{
    detail_add(arena, parent, DETAIL_NUMBER, name)->number = number;
}

void
detail_add_time(struct arena *arena, struct detail *parent, const char *name, unix_s time)
{
    struct detail *detail = detail_add(arena, parent, DETAIL_TIME, name);

    detail->time = time;
    detail->text = time_rfc3339(arena, time);
}

/* --- Judging --- */

static bool
is_no_wish(const json_t *wish)
{
    return wish == NULL || json_is_null(wish);
}

static bool
equals(const struct detail *detail, const json_t *value)
{
    if (detail->kind == DETAIL_BOOL)
        return json_is_boolean(value) && json_is_true(value) == detail->yes;
    if (detail->kind == DETAIL_NUMBER)
        return json_is_integer(value) && json_integer_value(value) == detail->number;
    return json_is_string(value) && text_eq(json_string_value(value), detail->text);
}

static bool
is_one_of(const struct detail *detail, const json_t *values)
{
    const json_t *value;
    size_t i;

    json_array_foreach(values, i, value)
    {
        if (equals(detail, value))
            return true;
    }
    return false;
}

/* Identity Assurance, 6.3: seconds from the time on until now. */
static bool
is_young(const struct detail *detail, const json_t *max_age, unix_s now)
{
    return json_is_number(max_age) && (double)(now - detail->time) <= json_number_value(max_age);
}

static bool
leaf_fits(const struct detail *detail, const json_t *wish, unix_s now)
{
    const json_t *value = json_object_get(wish, "value");
    const json_t *values = json_object_get(wish, "values");
    const json_t *max_age = json_object_get(wish, "max_age");

    if (!json_is_object(wish) || (value != NULL && !equals(detail, value)) ||
        (values != NULL && !is_one_of(detail, values)))
        return false;
    return max_age == NULL || detail->kind != DETAIL_TIME || is_young(detail, max_age, now);
}

/* Does the wish for something that we do not have name a condition, at whatever depth? JSON that
 * was read has at most JSON_DEPTH_MAX. */
static bool
demands(const json_t *wish)
{
    const json_t *member;
    void *at = NULL;

    if (json_object_get(wish, "value") != NULL || json_object_get(wish, "values") != NULL ||
        json_object_get(wish, "max_age") != NULL)
        return true;
    for (size_t i = 0; i < json_array_size(wish); i++)
        if (demands(json_array_get(wish, i)))
            return true;
    while (member_next(wish, &at, &member) != NULL)
        if (demands(member))
            return true;
    return false;
}

static const struct detail *
member_find(const struct detail *object, const char *name)
{
    const struct detail *member = object->first;

    while (member != NULL && !text_eq(member->name, name))
        member = member->next;
    return member;
}

static bool
object_fits(const struct detail *object, const json_t *wish, unix_s now)
{
    const json_t *member_wish;
    const char *name;
    void *at = NULL;

    /* A value is a text, a number or a truth, and an object is none (OpenID Connect Core, 5.5.1). */
    if (!json_is_object(wish) || json_object_get(wish, "value") != NULL ||
        json_object_get(wish, "values") != NULL)
        return false;
    while ((name = member_next(wish, &at, &member_wish)) != NULL) {
        const struct detail *member = member_find(object, name);

        if ((object->flags & DETAIL_SINGLY) != 0)
            continue;
        if (member != NULL ? !detail_fits(member, member_wish, now) : demands(member_wish))
            return false;
    }
    return true;
}

/* The wish of the list that the element meets; NULL: none of them. */
static const json_t *
element_wish(const struct detail *element, const json_t *wishes, unix_s now)
{
    if (!json_is_array(wishes))
        return detail_fits(element, wishes, now) ? wishes : NULL;
    for (size_t i = 0; i < json_array_size(wishes); i++)
        if (detail_fits(element, json_array_get(wishes, i), now))
            return json_array_get(wishes, i);
    return NULL;
}

static bool
list_fits(const struct detail *list, const json_t *wishes, unix_s now)
{
    for (const struct detail *element = list->first; element != NULL; element = element->next)
        if (element_wish(element, wishes, now) != NULL)
            return true;
    return false;
}

bool
detail_fits(const struct detail *detail, const json_t *wish, unix_s now)
{
    if (is_no_wish(wish))
        return true;
    switch (detail->kind) {
    case DETAIL_OBJECT:
        return object_fits(detail, wish, now);
    case DETAIL_LIST:
        return list_fits(detail, wish, now);
    default:
        return leaf_fits(detail, wish, now);
    }
}

/* --- Telling --- */

static void
brief_emit(const struct detail *object, struct buf *out)
{
    emit_object(out, object->name);
    for (const struct detail *member = object->first; member != NULL; member = member->next)
        if ((member->flags & DETAIL_ALWAYS) != 0)
            detail_emit(member, NULL, 0, out);
    emit_object_end(out);
}

/* No wish names it. In a whole object all is told but what is by name only, in one of which parts are
 * wished what is always. */
static void
unnamed_emit(const struct detail *member, bool whole, struct buf *out)
{
    if (whole ? (member->flags & DETAIL_BY_NAME) == 0 : (member->flags & DETAIL_ALWAYS) != 0)
        detail_emit(member, NULL, 0, out);
    else if (!whole && (member->flags & DETAIL_BRIEF) != 0)
        brief_emit(member, out);
}

static void
member_emit(const struct detail *object, const struct detail *member, const json_t *wish,
            unix_s now, struct buf *out)
{
    if ((object->flags & DETAIL_SINGLY) == 0 || detail_fits(member, wish, now))
        detail_emit(member, wish, now, out);
}

static void
object_emit(const struct detail *object, const json_t *wish, unix_s now, struct buf *out)
{
    bool whole = is_no_wish(wish);

    emit_object(out, object->name);
    for (const struct detail *member = object->first; member != NULL; member = member->next) {
        const json_t *member_wish = json_object_get(wish, member->name);

        if (member_wish != NULL)
            member_emit(object, member, member_wish, now, out);
        else
            unnamed_emit(member, whole, out);
    }
    emit_object_end(out);
}

static void
list_emit(const struct detail *list, const json_t *wishes, unix_s now, struct buf *out)
{
    emit_array(out, list->name);
    for (const struct detail *element = list->first; element != NULL; element = element->next) {
        const json_t *wish = is_no_wish(wishes) ? NULL : element_wish(element, wishes, now);

        if (is_no_wish(wishes) || wish != NULL)
            detail_emit(element, wish, now, out);
    }
    emit_array_end(out);
}

void
detail_emit(const struct detail *detail, const json_t *wish, unix_s now, struct buf *out)
{
    switch (detail->kind) {
    case DETAIL_OBJECT:
        object_emit(detail, wish, now, out);
        break;
    case DETAIL_LIST:
        list_emit(detail, wish, now, out);
        break;
    case DETAIL_BOOL:
        emit_bool(out, detail->name, detail->yes);
        break;
    case DETAIL_NUMBER:
        emit_int(out, detail->name, detail->number);
        break;
    default:
        emit_text(out, detail->name, detail->text);
    }
}
