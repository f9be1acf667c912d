/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/json.h"

#include <stdlib.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/unwind.h"

#define YEAR_10000 INT64_C(253402300800)

/* What a text would cost to read. */
struct shape {
    int depth;     /* of brackets */
    size_t values; /* never less than there are: each but the first follows one of , [ { */
};

/* Looked at before the parser sees the text: its recursion is not ours to bound. */
static struct shape
shape_of(struct bytes text)
{
    struct shape shape = { 0 };
    int depth = 0;
    bool in_text = false;

    for (size_t i = 0; i < text.size; i++) {
        char c = (char)text.at[i];

        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '{' || c == '['))
            depth++;
        else if (!in_text && (c == '}' || c == ']'))
            depth--;
        shape.values += !in_text && (c == ',' || c == '{' || c == '[');
        if (depth > shape.depth)
            shape.depth = depth;
    }
    return shape;
}

void
json_release(void *value)
{
    json_decref(value);
}

static json_t *
parse(struct bytes text, json_error_t *error)
{
    json_t *value = json_loadb((const char *)text.at, text.size, JSON_REJECT_DUPLICATES, error);

    if (value == NULL && json_error_code(error) == json_error_out_of_memory)
        unwind(ERR_UNAVAILABLE);
    return value;
}

json_t *
json_open(struct bytes text, json_error_t *error)
{
    if (shape_of(text).depth <= JSON_DEPTH_MAX)
        return parse(text, error);
    *error = (json_error_t) { .line = 1, .text = "nested too deep" };
    return NULL;
}

json_t *
json_read(struct arena *arena, struct bytes text)
{
    json_error_t error;
    struct shape shape;
    json_t *value;

    if (text.size > JSON_BYTES_MAX)
        return NULL;
    shape = shape_of(text);
    if (shape.depth > JSON_DEPTH_MAX || shape.values > JSON_VALUES_MAX)
        return NULL;
    value = parse(text, &error);
    arena_own(arena, value, json_release);
    return value;
}

static const char *
written(struct arena *arena, const json_t *value, size_t order)
{
    char *text;

    if (!json_is_object(value) && !json_is_array(value))
        return NULL;
    text = json_dumps(value, JSON_COMPACT | order);
    if (text == NULL)
        unwind(ERR_UNAVAILABLE);
    arena_own(arena, text, free);
    return text;
}

const char *
json_text(struct arena *arena, const json_t *value)
{
    return written(arena, value, 0);
}

const char *
json_text_sorted(struct arena *arena, const json_t *value)
{
    return written(arena, value, JSON_SORT_KEYS);
}

const char *
json_value_text(struct arena *arena, const json_t *value)
{
    if (json_is_string(value))
        return arena_printf(arena, "\"%s\"", json_string_value(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (json_is_integer(value))
        return arena_printf(arena, "%lld", (long long)json_integer_value(value));
    return json_is_array(value) || json_is_object(value) ? json_text(arena, value) : "null";
}

/* ---- members ---- */

bool
member_is_there(const json_t *object, const char *name)
{
    return json_object_get(object, name) != NULL;
}

/* Jansson's iterators want an object that may be changed; these two do not change it. */
const char *
member_next(const json_t *object, void **at, const json_t **value)
{
    json_t *members = (json_t *)object;

    *at = *at == NULL ? json_object_iter(members) : json_object_iter_next(members, *at);
    *value = json_object_iter_value(*at);
    return json_object_iter_key(*at);
}

/* What becomes of a member that is there or not, and as it should be or not. */
static enum err
judged(const json_t *value, bool sound)
{
    if (value == NULL)
        return ERR_NOT_FOUND;
    return sound ? OK : ERR_INVALID;
}

enum err
member_text(const json_t *object, const char *name, size_t max, const char **out)
{
    const json_t *value = json_object_get(object, name);
    enum err err = judged(value, json_is_string(value) && json_string_length(value) <= max);

    if (err == OK)
        *out = json_string_value(value);
    return err;
}

enum err
member_int(const json_t *object, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(object, name);
    enum err err = judged(value, json_is_integer(value));

    if (err == OK)
        *out = json_integer_value(value);
    return err;
}

enum err
member_time(const json_t *object, const char *name, unix_s *out)
{
    const json_t *value = json_object_get(object, name);
    double seconds = json_number_value(value);
    enum err err = judged(value, json_is_number(value) && seconds >= 0 && seconds < YEAR_10000);

    if (err == OK)
        *out = (unix_s)seconds;
    return err;
}

enum err
member_bool(const json_t *object, const char *name, bool *out)
{
    const json_t *value = json_object_get(object, name);
    enum err err = judged(value, json_is_boolean(value));

    if (err == OK)
        *out = json_is_true(value);
    return err;
}

enum err
member_object(const json_t *object, const char *name, const json_t **out)
{
    const json_t *value = json_object_get(object, name);
    enum err err = judged(value, json_is_object(value));

    if (err == OK)
        *out = value;
    return err;
}

enum err
member_list(const json_t *object, const char *name, const json_t **out)
{
    const json_t *value = json_object_get(object, name);
    enum err err = judged(value, json_is_array(value));

    if (err == OK)
        *out = value;
    return err;
}

/* One more word of the list; a blank in it would make two of it. */
static enum err
word_add(struct buf *list, const json_t *value, size_t max)
{
    const char *word = json_string_value(value);
    size_t size = json_string_length(value);

    if (list->size > 0)
        buf_char(list, ' ');
    if (word == NULL || size == 0 || strchr(word, ' ') != NULL || list->size + size > max)
        return ERR_INVALID;
    buf_text(list, word);
    return OK;
}

enum err
member_words(struct arena *arena, const json_t *object, const char *name, size_t max,
             const char **out)
{
    const json_t *values = json_object_get(object, name);
    enum err err =
        judged(values, json_is_array(values) && json_array_size(values) <= JSON_LIST_MAX);
    struct buf list;

    if (err != OK)
        return err;
    list = buf_new(arena, 64);
    for (size_t i = 0; err == OK && i < json_array_size(values); i++)
        err = word_add(&list, json_array_get(values, i), max);
    if (err == OK)
        *out = list.at;
    return err;
}

enum err
member_audience(struct arena *arena, const json_t *object, size_t max, const char **out)
{
    const json_t *value = json_object_get(object, "aud");
    struct buf list;
    enum err err;

    if (!json_is_string(value))
        return member_words(arena, object, "aud", max, out);
    list = buf_new(arena, 64);
    err = word_add(&list, value, max);
    if (err == OK)
        *out = list.at;
    return err;
}
