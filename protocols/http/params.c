/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/params.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "protocols/http/percent.h"

const char param_unreadable[] = "";

/* One side of a pair: '+' is a blank here, which it is not in a path. */
static enum err
field_decode(struct arena *arena, const char *text, size_t size, const char **out)
{
    char *copy = arena_copy(arena, text, size);
    bool is_text = false;

    for (size_t i = 0; i < size; i++) {
        if (copy[i] == '+')
            copy[i] = ' ';
    }
    if (percent_decode_bytes(copy, size, &is_text) != OK)
        return ERR_INVALID;
    *out = is_text ? copy : param_unreadable;
    return OK;
}

static enum err
pair_add(struct arena *arena, const char *pair, size_t size, struct params *params)
{
    const char *equals = memchr(pair, '=', size);
    size_t name_size = equals != NULL ? (size_t)(equals - pair) : size;
    const char *value = equals != NULL ? equals + 1 : "";
    size_t value_size = equals != NULL ? size - name_size - 1 : 0;
    size_t at = params->count;

    if (at == PARAMS_MAX)
        return ERR_INVALID;
    if (field_decode(arena, pair, name_size, &params->names[at]) != OK ||
        field_decode(arena, value, value_size, &params->values[at]) != OK)
        return ERR_INVALID;
    if (params->names[at] != param_unreadable)
        params->count++;
    return OK;
}

static size_t
pairs_bound(const char *text, size_t size)
{
    size_t count = 1;

    for (size_t i = 0; i < size && count < PARAMS_MAX; i++)
        count += text[i] == '&';
    return count;
}

enum err
params_parse(struct arena *arena, const char *text, size_t size, struct params *out)
{
    const char *end = text + size;

    *out = (struct params) { 0 };
    if (size == 0)
        return OK;
    out->names = arena_alloc(arena, pairs_bound(text, size) * sizeof(*out->names));
    out->values = arena_alloc(arena, pairs_bound(text, size) * sizeof(*out->values));
    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        size_t pair_size = stop != NULL ? (size_t)(stop - text) : (size_t)(end - text);

        if (pair_size > 0 && pair_add(arena, text, pair_size, out) != OK)
            return ERR_INVALID;
        text += pair_size + 1;
    }
    return OK;
}

const char *
params_pack(struct arena *arena, const struct params *params)
{
    struct buf out = buf_new(arena, 512);

    for (size_t i = 0; i < params->count; i++) {
        buf_text(&out, params->names[i]);
        buf_char(&out, '=');
        buf_int(&out, (int64_t)strlen(params->values[i]));
        buf_char(&out, ':');
        buf_text(&out, params->values[i]);
    }
    return out.at;
}

/* "name=4:text" at *text, which moves behind it. */
static enum err
packed_pair_read(struct arena *arena, const char **text, const char **name, const char **value)
{
    const char *equals = strchr(*text, '=');
    const char *colon = equals != NULL ? strchr(equals, ':') : NULL;
    int64_t size;

    if (colon == NULL)
        return ERR_INVALID;
    if (text_to_int(arena_copy(arena, equals + 1, (size_t)(colon - equals - 1)), 0, INT32_MAX,
                    &size) != OK ||
        strnlen(colon + 1, (size_t)size) < (size_t)size)
        return ERR_INVALID;
    *name = arena_copy(arena, *text, (size_t)(equals - *text));
    *value = arena_copy(arena, colon + 1, (size_t)size);
    *text = colon + 1 + size;
    return OK;
}

enum err
params_unpack(struct arena *arena, const char *text, struct params *out)
{
    *out = (struct params) {
        .names = arena_alloc(arena, PARAMS_MAX * sizeof(*out->names)),
        .values = arena_alloc(arena, PARAMS_MAX * sizeof(*out->values)),
    };
    while (*text != '\0') {
        size_t at = out->count;

        if (at == PARAMS_MAX ||
            packed_pair_read(arena, &text, &out->names[at], &out->values[at]) != OK)
            return ERR_INVALID;
        out->count++;
    }
    return OK;
}

const char *
params_find(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++) {
        if (strcmp(params->names[i], name) == 0)
            return params->values[i];
    }
    return NULL;
}

bool
params_have_repeats(const struct params *params)
{
    for (size_t i = 0; i < params->count; i++) {
        for (size_t j = i + 1; j < params->count; j++) {
            if (strcmp(params->names[i], params->names[j]) == 0)
                return true;
        }
    }
    return false;
}
