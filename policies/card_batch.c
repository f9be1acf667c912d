/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_batch.h"

#include <string.h>

#include "idp/base/text.h"

#define TIME_MAX ((unix_s)1 << 40)

static bool
stands_before(const struct card_batch *batch, const char *code)
{
    for (size_t i = 0; i < batch->count; i++)
        if (text_eq(batch->at[i].code, code))
            return true;
    return false;
}

static enum err
line_parse(struct arena *arena, const char *line, size_t size, struct card_batch *out)
{
    const char *blank = memchr(line, ' ', size);
    struct card_batch_line *to = &out->at[out->count];
    enum err err;

    if (blank == NULL || blank == line || out->count == CARD_BATCH_MAX)
        return ERR_INVALID;
    to->code = arena_copy(arena, line, (size_t)(blank - line));
    err = text_to_int(arena_copy(arena, blank + 1, size - (size_t)(blank + 1 - line)), 1, TIME_MAX,
                      &to->scanned_at);
    if (err != OK)
        return ERR_INVALID;
    to->repeats = stands_before(out, to->code);
    out->count++;
    return OK;
}

enum err
card_batch_parse(struct arena *arena, const char *text, struct card_batch *out)
{
    enum err err = OK;

    out->count = 0;
    while (err == OK && *text != '\0') {
        size_t size = strcspn(text, "\n");
        size_t end = size > 0 && text[size - 1] == '\r' ? size - 1 : size;

        err = line_parse(arena, text, end, out);
        text += size + (text[size] == '\n');
    }
    return err == OK && out->count == 0 ? ERR_INVALID : err;
}
