/* SPDX-License-Identifier: Apache-2.0 */
/* From an input with marks to bytes on the wire (wire.h). */
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "tests/fuzz/wire.h"

#define NAME_MAX_CHARS 24
#define LEN "{{len}}"

struct writer {
    struct arena *arena;
    struct wire_script *script;
    struct buf now; /* the piece that is being written */
};

/* --- Marks --- */

/* The size of the mark that begins at `at`, with its braces; 0 when it is none. */
static size_t
mark_size(const char *at, const char *end)
{
    const char *stop = at + 2;

    if (end - at < 5 || at[0] != '{' || at[1] != '{')
        return 0;
    while (stop < end && stop - at < NAME_MAX_CHARS && *stop >= '.' && *stop <= 'z')
        stop++;
    return end - stop >= 2 && stop[0] == '}' && stop[1] == '}' ? (size_t)(stop + 2 - at) : 0;
}

static bool
mark_is(const char *at, size_t size, const char *mark)
{
    return size == strlen(mark) && memcmp(at, mark, size) == 0;
}

/* --- One request --- */

/* Where the next mark may begin; bytes before it are none. */
static const char *
mark_next(const char *at, const char *end)
{
    const char *next = memmem(at, (size_t)(end - at), "{{", 2);

    return next != NULL ? next : end;
}

/* What a mark stands for, if it is a live value or `len`. */
static const char *
mark_value(const char *at, size_t size, const char *len)
{
    if (mark_is(at, size, LEN) && len != NULL)
        return len;
    return size > 0 ? wire_live(at + 2, size - 4) : NULL;
}

/* Live values in the place of their names; `len` (may be NULL: left for later) for {{len}}. */
static void
live_expand(struct buf *out, const char *at, const char *end, const char *len)
{
    while (at < end) {
        const char *next = mark_next(at, end);
        size_t size = mark_size(next, end);
        const char *value = mark_value(next, size, len);

        if (size == 0 && next < end)
            size = 1;
        buf_bytes(out, at, (size_t)(next - at));
        if (value != NULL)
            buf_text(out, value);
        else
            buf_bytes(out, next, size);
        at = next + size;
    }
}

/* Behind the first empty line, or `end`. */
static const char *
body_of(const char *at, const char *end)
{
    const char *blank = memmem(at, (size_t)(end - at), "\r\n\r\n", 4);

    return blank != NULL ? blank + 4 : end;
}

static size_t
size_without_cuts(const char *at, const char *end)
{
    size_t size = (size_t)(end - at);

    while ((at = mark_next(at, end)) < end) {
        size -= mark_is(at, mark_size(at, end), "{{cut}}") ? 7 : 0;
        at++;
    }
    return size;
}

static struct bytes
request_expand(struct arena *arena, const char *at, const char *end)
{
    const char *body_at = body_of(at, end);
    struct buf body = buf_new(arena, (size_t)(end - body_at) + 64);
    struct buf whole = buf_new(arena, (size_t)(end - at) + 1024);

    live_expand(&body, body_at, end, NULL);
    live_expand(&whole, at, body_at,
                arena_printf(arena, "%zu", size_without_cuts(body.at, body.at + body.size)));
    buf_bytes(&whole, body.at, body.size);
    return buf_view(&whole);
}

/* --- Pieces --- */

static void
piece_end(struct writer *writer)
{
    struct wire_script *script = writer->script;

    if (writer->now.size == 0 || script->count == WIRE_PIECES_MAX)
        return;
    script->pieces[script->count++] = buf_view(&writer->now);
    writer->now = buf_new(writer->arena, 1024);
}

static void
request_put(struct writer *writer, struct bytes request)
{
    const char *at = (const char *)request.at;
    const char *end = at + request.size;

    while (at < end) {
        const char *next = mark_next(at, end);
        size_t size = mark_size(next, end);

        buf_bytes(&writer->now, at, (size_t)(next - at));
        if (mark_is(next, size, "{{cut}}"))
            piece_end(writer);
        else if (mark_is(next, size, "{{close}}"))
            writer->script->closes = true;
        else
            buf_bytes(&writer->now, next, size = size > 0 || next == end ? size : 1);
        at = next + size;
    }
}

struct wire_script
wire_expand(struct arena *arena, struct bytes input)
{
    struct wire_script script = { .count = 0 };
    struct writer writer = { arena, &script, buf_new(arena, input.size + 1024) };
    const char *at = (const char *)input.at;
    const char *end = at + input.size;

    while (at < end) {
        const char *next = memmem(at, (size_t)(end - at), "{{next}}", 8);

        request_put(&writer, request_expand(arena, at, next != NULL ? next : end));
        at = next != NULL ? next + 8 : end;
    }
    piece_end(&writer);
    return script;
}
