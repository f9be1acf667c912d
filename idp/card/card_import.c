/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/card_import.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/card/mirror.h"
#include "idp/context/change.h"

#define FIELDS 8
#define MARK "\xEF\xBB\xBF"

static const char header[] = "position,region,card_no,identity_number,state,valid_from,valid_to,"
                             "lapses_at";

/* --- One line --- */

static bool
fields_split(struct arena *arena, const char *text, const char *out[FIELDS])
{
    size_t count = 0;

    for (;;) {
        size_t size = strcspn(text, ",");

        if (count == FIELDS)
            return false;
        out[count++] = arena_copy(arena, text, size);
        text += size;
        if (*text == '\0')
            return count == FIELDS;
        text++;
    }
}

static const char *
csv_read(struct arena *arena, const char *text, int32_t today, struct card_change *out)
{
    const char *fields[FIELDS];
    struct card_change_told told;

    if (!fields_split(arena, text, fields))
        return "fields";
    told = (struct card_change_told) { .region = fields[1],
                                       .card_no = fields[2],
                                       .identity_number = fields[3],
                                       .state = fields[4],
                                       .valid_from = fields[5],
                                       .valid_to = fields[6] };
    if (text_to_int(fields[0], 1, INT64_MAX, &told.position) != OK)
        return "position";
    if (*fields[7] != '\0' && text_to_int(fields[7], 0, INT64_MAX, &told.lapses_at) != OK)
        return "lapses_at";
    return card_change_read(&told, today, out);
}

const char *
import_line_read(struct arena *arena, struct bytes line, int32_t today, struct card_change *out,
                 bool *is_one)
{
    const char *text;

    *is_one = true;
    if (line.size > 0 && line.at[line.size - 1] == '\r')
        line.size--;
    if (line.size > IMPORT_LINE_MAX)
        return "long";
    text = arena_copy(arena, line.at, line.size);
    if (!text_is_utf8(text, line.size))
        return "line";
    if (text_starts(text, MARK))
        text += strlen(MARK);
    *is_one = *text != '\0' && !text_eq(text, header);
    if (!*is_one)
        return NULL;
    return *text == '{' ? card_feed_change_read(json_read(arena, bytes_of_text(text)), today, out)
                        : csv_read(arena, text, today, out);
}

/* --- Many --- */

struct importing {
    struct ctx *ctx;
    struct import_count *count;
    struct buf *rejected;
    struct card_change batch[CARD_FEED_PAGE];
    size_t size;
};

static enum err
batch_take(struct importing *importing)
{
    enum err err = importing->size == 0
                       ? OK
                       : card_mirror_take(importing->ctx, importing->batch, importing->size);

    if (err == OK)
        importing->count->taken += (int64_t)importing->size;
    importing->size = 0;
    return err;
}

static enum err
line_take(struct importing *importing, struct bytes line)
{
    struct ctx *ctx = importing->ctx;
    bool is_one;
    const char *fault = import_line_read(ctx->arena, line, time_beijing_date(ctx->now),
                                         &importing->batch[importing->size], &is_one);

    if (fault != NULL) {
        buf_text(importing->rejected,
                 arena_printf(ctx->arena, "%lld %s\n", (long long)importing->count->line, fault));
        importing->count->rejected++;
    }
    importing->count->line++;
    importing->size += fault == NULL && is_one;
    return importing->size == CARD_FEED_PAGE ? batch_take(importing) : OK;
}

enum err
import_lines_take(struct ctx *ctx, struct bytes lines, struct import_count *count,
                  struct buf *rejected)
{
    struct importing importing = { .ctx = ctx, .count = count, .rejected = rejected };
    enum err err = OK;

    while (err == OK && lines.size > 0) {
        const uint8_t *end = memchr(lines.at, '\n', lines.size);
        size_t size = end != NULL ? (size_t)(end - lines.at) : lines.size;
        size_t used = size + (end != NULL);

        err = line_take(&importing, bytes_of(lines.at, size));
        lines = bytes_of(lines.at + used, lines.size - used);
    }
    return err == OK ? batch_take(&importing) : err;
}

/* --- The end --- */

static enum err
note_in_change(struct ctx *ctx, void *state)
{
    (void)state;
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_CARD_IMPORTED });
}

enum err
import_note(struct ctx *ctx)
{
    return change(ctx, note_in_change, NULL);
}
