/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/pieces.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "idp/base/unwind.h"

#define PIECE_BYTES ((size_t)128 << 10)
/* What is sent of a line that is longer than a piece: enough to be refused for its length. */
#define LINE_BYTES 8192

static void
file_leave(void *file)
{
    fclose(file);
}

static const char *
errors_path(struct call *call)
{
    return call->errors != NULL ? call->errors : arena_printf(call->arena, "%s.errors", call->file);
}

/* Behind the end of the line that it stands in. */
static void
line_skip(FILE *file)
{
    int c;

    do
        c = getc_unlocked(file);
    while (c != '\n' && c != EOF);
}

static void
begin(struct pieces *pieces, struct call *call, FILE *file)
{
    pieces->begun = true;
    for (int64_t line = 1; line < call->from && !feof(file); line++)
        line_skip(file);
    pieces->at = ftello(file);
    if (call->from <= 1)
        (void)unlink(errors_path(call)); /* of an import before this one */
}

/* The whole lines among what was read. */
static size_t
whole_lines(const char *bytes, size_t size)
{
    const char *end = memrchr(bytes, '\n', size);

    return end != NULL ? (size_t)(end - bytes) + 1 : 0;
}

static void
piece_take(struct pieces *pieces, struct call *call, FILE *file)
{
    char *bytes = arena_alloc(call->arena, PIECE_BYTES);
    size_t got = fread(bytes, 1, PIECE_BYTES, file);
    size_t size = whole_lines(bytes, got);

    if (size == 0 && got == PIECE_BYTES) {
        line_skip(file);
        pieces->at = ftello(file);
        size = LINE_BYTES;
        bytes[size - 1] = '\n';
    } else {
        size = size > 0 ? size : got; /* the last one may have no end */
        pieces->at += (int64_t)size;
    }
    call->piece = bytes_of(bytes, size);
}

const char *
pieces_read(struct pieces *pieces, struct call *call)
{
    FILE *file = fopen(call->file, "re");
    const char *why = NULL;
    struct held held;

    if (file == NULL)
        return arena_printf(call->arena, "%s cannot be read: %s", call->file, strerror(errno));
    hold_begin(&held, file_leave, file);
    if (!pieces->begun)
        begin(pieces, call, file);
    else if (fseeko(file, pieces->at, SEEK_SET) != 0)
        why = arena_printf(call->arena, "%s cannot be read on: %s", call->file, strerror(errno));
    if (why == NULL)
        piece_take(pieces, call, file);
    if (ferror(file))
        why = arena_printf(call->arena, "%s cannot be read", call->file);
    hold_release(&held);
    return why;
}

bool
pieces_said(struct call *call, const struct call_end *end)
{
    FILE *file;
    bool good;

    if (end->said.size == 0)
        return true;
    file = fopen(errors_path(call), "ae");
    if (file == NULL)
        return false;
    good = fwrite(end->said.at, 1, end->said.size, file) == end->said.size;
    return fclose(file) == 0 && good;
}
