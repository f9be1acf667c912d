/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/pack.h"

#include <string.h>

#include "idp/base/unwind.h"

static void
put_big_endian(struct buf *buf, uint64_t value, size_t size)
{
    for (size_t i = size; i > 0; i--)
        buf_char(buf, (char)(value >> (8 * (i - 1)) & 0xff));
}

static void
put_text(struct buf *buf, const char *text)
{
    size_t size = text != NULL ? strlen(text) : 0;

    if (size > UINT16_MAX)
        unwind(ERR_TOO_LARGE);
    put_big_endian(buf, size, 2);
    buf_bytes(buf, text, size);
}

struct bytes
pack(struct arena *arena, const struct pack_field *fields, int64_t layout, const void *from)
{
    struct buf buf = buf_new(arena, 512);

    if (layout > 0)
        buf_char(&buf, (char)layout);
    for (; fields->kind != PACK_STOP; fields++) {
        const char *at = (const char *)from + fields->offset;
        const char *text;
        int64_t number;

        if (fields->since > layout)
            continue;
        if (fields->kind == PACK_INT) {
            memcpy(&number, at, sizeof(number));
            put_big_endian(&buf, (uint64_t)number, 8);
        } else {
            memcpy(&text, at, sizeof(text));
            put_text(&buf, text);
        }
    }
    if (layout == 0 && buf.size > 0 && buf.at[0] != 0)
        unwind(ERR_TOO_LARGE); /* it would read as another layout */
    return buf_view(&buf);
}

static enum err
take_big_endian(struct bytes *in, size_t size, uint64_t *out)
{
    if (in->size < size)
        return ERR_INVALID;
    *out = 0;
    for (size_t i = 0; i < size; i++)
        *out = *out << 8 | in->at[i];
    *in = bytes_of(in->at + size, in->size - size);
    return OK;
}

static enum err
take_text(struct arena *arena, struct bytes *in, const char **out)
{
    uint64_t size;

    if (take_big_endian(in, 2, &size) != OK || size > in->size)
        return ERR_INVALID;
    if (size > 0 && memchr(in->at, '\0', size) != NULL)
        return ERR_INVALID;
    *out = arena_copy(arena, in->at, size);
    *in = bytes_of(in->at + size, in->size - size);
    return OK;
}

/* Behind the byte that names it, which layout 0 does not have. */
static enum err
take_layout(struct bytes *in, uint64_t *out)
{
    if (in->size == 0 || in->at[0] > PACK_LAYOUT)
        return ERR_INVALID;
    *out = in->at[0];
    return *out == 0 ? OK : take_big_endian(in, 1, out);
}

enum err
unpack(struct arena *arena, const struct pack_field *fields, struct bytes in, void *out)
{
    uint64_t layout;
    enum err err = take_layout(&in, &layout);

    if (err != OK)
        return err;
    for (; fields->kind != PACK_STOP; fields++) {
        char *at = (char *)out + fields->offset;
        bool there = (uint64_t)fields->since <= layout;
        const char *text = "";
        uint64_t number = 0;

        if (there)
            err = fields->kind == PACK_INT ? take_big_endian(&in, 8, &number)
                                           : take_text(arena, &in, &text);
        if (err != OK)
            return err;
        if (fields->kind == PACK_INT)
            memcpy(at, &number, sizeof(number));
        else
            memcpy(at, &text, sizeof(text));
    }
    return in.size == 0 ? OK : ERR_INVALID;
}
