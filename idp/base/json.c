/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/json.h"

#include <stdbool.h>

#include "idp/base/unwind.h"

/* Brackets are counted before the parser sees them: its recursion is not ours to bound. */
static bool
is_shallow(struct bytes text)
{
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
        if (depth > JSON_DEPTH_MAX)
            return false;
    }
    return true;
}

void
json_release(void *value)
{
    json_decref(value);
}

json_t *
json_open(struct bytes text, json_error_t *error)
{
    json_t *value;

    if (!is_shallow(text)) {
        *error = (json_error_t) { .line = 1, .text = "nested too deep" };
        return NULL;
    }
    value = json_loadb((const char *)text.at, text.size, JSON_REJECT_DUPLICATES, error);
    if (value == NULL && json_error_code(error) == json_error_out_of_memory)
        unwind(ERR_UNAVAILABLE);
    return value;
}

json_t *
json_read(struct arena *arena, struct bytes text)
{
    json_error_t error;
    json_t *value = json_open(text, &error);

    arena_own(arena, value, json_release);
    return value;
}
