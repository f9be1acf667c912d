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

struct bytes
pack(struct arena *arena, const struct pack_field *fields, const void *from)
{
    struct buf buf = buf_new(arena, 512);

    for (; fields->kind != PACK_STOP; fields++) {
        const char *at = (const char *)from + fields->offset;
        const char *text;
        int64_t number;

        if (fields->kind == PACK_INT) {
            memcpy(&number, at, sizeof(number));
            put_big_endian(&buf, (uint64_t)number, 8);
            continue;
        }
        memcpy(&text, at, sizeof(text));
        text = text != NULL ? text : "";
        if (strlen(text) > UINT16_MAX)
            unwind(ERR_TOO_LARGE);
        put_big_endian(&buf, strlen(text), 2);
        buf_text(&buf, text);
    }
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

enum err
unpack(struct arena *arena, const struct pack_field *fields, struct bytes in, void *out)
{
    for (; fields->kind != PACK_STOP; fields++) {
        char *at = (char *)out + fields->offset;
        const char *text = NULL;
        uint64_t number = 0;
        enum err err = fields->kind == PACK_INT ? take_big_endian(&in, 8, &number)
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
