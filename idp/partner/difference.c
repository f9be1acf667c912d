/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/difference.h"

#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"

#define VALUE_CHARACTERS 200

static void
value_write(struct buf *out, const json_t *value)
{
    const char *text = value != NULL ? json_value_text(out->arena, value) : "(none)";
    const char *end = text;

    for (int i = 0; i < VALUE_CHARACTERS && *end != '\0'; i++)
        text_next_char(&end);
    buf_bytes(out, text, (size_t)(end - text));
    buf_text(out, *end != '\0' ? "…" : "");
}

static void
line_write(struct buf *out, const char *name, const json_t *before, const json_t *after)
{
    buf_text(out, "  ");
    buf_text(out, name);
    buf_text(out, ": ");
    value_write(out, before);
    buf_text(out, " → ");
    value_write(out, after);
    buf_char(out, '\n');
}

void
profile_difference_write(struct buf *out, const char *before, const char *after)
{
    json_t *old = json_read(out->arena, bytes_of_text(before));
    json_t *new = json_read(out->arena, bytes_of_text(after));
    const json_t *value;
    const char *name;
    void *at = NULL;

    while ((name = member_next(new, &at, &value)) != NULL)
        if (!json_equal(value, json_object_get(old, name)))
            line_write(out, name, json_object_get(old, name), value);
    while ((name = member_next(old, &at, &value)) != NULL)
        if (!member_is_there(new, name))
            line_write(out, name, value, NULL);
}
