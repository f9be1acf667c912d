/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/buf.h"

#include <stdbool.h>
#include <string.h>

struct buf
buf_new(struct arena *arena, size_t room)
{
    struct buf buf = { .arena = arena, .size = 0, .room = room };

    buf.at = arena_alloc(arena, room + 1);
    return buf;
}

/* Where it stands when nothing lies behind it; else a copy, twice as large. */
static void
grow(struct buf *buf, size_t more)
{
    size_t room = 2 * buf->room > buf->size + more ? 2 * buf->room : buf->size + more;
    char *at;

    if (room >= arena_left(buf->arena))
        room = buf->size + more;
    if (arena_extend(buf->arena, buf->at, buf->room + 1, room - buf->room)) {
        buf->room = room;
        return;
    }
    at = arena_alloc(buf->arena, room + 1);
    memcpy(at, buf->at, buf->size);
    buf->at = at;
    buf->room = room;
}

static char *
grown(struct buf *buf, size_t more)
{
    if (more > buf->room - buf->size)
        grow(buf, more);
    return buf->at + buf->size;
}

void
buf_bytes(struct buf *buf, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    memcpy(grown(buf, size), bytes, size);
    buf->size += size;
    buf->at[buf->size] = '\0';
}

void
buf_text(struct buf *buf, const char *text)
{
    buf_bytes(buf, text, strlen(text));
}

void
buf_char(struct buf *buf, char c)
{
    buf_bytes(buf, &c, 1);
}

void
buf_int(struct buf *buf, long long value)
{
    char digits[24];
    size_t at = sizeof(digits);
    unsigned long long left =
        value < 0 ? 0ULL - (unsigned long long)value : (unsigned long long)value;

    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        digits[--at] = '-';
    buf_bytes(buf, digits + at, sizeof(digits) - at);
}

void
buf_base64url(struct buf *buf, struct bytes in)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t full = in.size / 3;
    size_t rest = in.size % 3;
    char *out = grown(buf, full * 4 + 4);
    const uint8_t *p = in.at;

    for (size_t i = 0; i < full; i++, p += 3, out += 4) {
        out[0] = alphabet[p[0] >> 2];
        out[1] = alphabet[(p[0] & 3) << 4 | p[1] >> 4];
        out[2] = alphabet[(p[1] & 15) << 2 | p[2] >> 6];
        out[3] = alphabet[p[2] & 63];
    }
    if (rest > 0) {
        out[0] = alphabet[p[0] >> 2];
        out[1] = alphabet[(p[0] & 3) << 4 | (rest > 1 ? p[1] >> 4 : 0)];
        if (rest > 1)
            out[2] = alphabet[(p[1] & 15) << 2];
    }
    buf->size += full * 4 + (rest > 0 ? rest + 1 : 0);
    buf->at[buf->size] = '\0';
}

static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void
buf_url(struct buf *buf, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        char escaped[] = { '%', digits[(unsigned char)*text >> 4],
                           digits[(unsigned char)*text & 15] };

        if (is_unreserved(*text))
            buf_char(buf, *text);
        else
            buf_bytes(buf, escaped, sizeof(escaped));
    }
}

struct bytes
buf_view(const struct buf *buf)
{
    return bytes_of(buf->at, buf->size);
}
