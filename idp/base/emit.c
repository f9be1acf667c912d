/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/emit.h"

#include "idp/base/text.h"

static void
string(struct buf *buf, const char *text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t from = 0;

    buf_char(buf, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        char escape[] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

        /* '<' too, so that a JSON text put into a page can close nothing. */
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7f)
            continue;
        buf_bytes(buf, text + from, i - from);
        buf_bytes(buf, escape, sizeof(escape));
        from = i + 1;
    }
    buf_bytes(buf, text + from, size - from);
    buf_char(buf, '"');
}

/* A comma is due unless the last byte opened something or named a member. */
static void
begin(struct buf *buf, const char *key)
{
    char last = buf->size > 0 ? buf->at[buf->size - 1] : '{';

    if (last != '{' && last != '[' && last != ':')
        buf_char(buf, ',');
    if (key != NULL) {
        string(buf, key, bytes_of_text(key).size);
        buf_char(buf, ':');
    }
}

void
emit_object(struct buf *buf, const char *key)
{
    begin(buf, key);
    buf_char(buf, '{');
}

void
emit_object_end(struct buf *buf)
{
    buf_char(buf, '}');
}

void
emit_array(struct buf *buf, const char *key)
{
    begin(buf, key);
    buf_char(buf, '[');
}

void
emit_array_end(struct buf *buf)
{
    buf_char(buf, ']');
}

void
emit_text(struct buf *buf, const char *key, const char *value)
{
    begin(buf, key);
    string(buf, value, bytes_of_text(value).size);
}

void
emit_int(struct buf *buf, const char *key, int64_t value)
{
    begin(buf, key);
    buf_int(buf, value);
}

void
emit_bool(struct buf *buf, const char *key, bool value)
{
    begin(buf, key);
    buf_text(buf, value ? "true" : "false");
}

void
emit_raw(struct buf *buf, const char *key, const char *value)
{
    begin(buf, key);
    buf_text(buf, value);
}

void
emit_text_if(struct buf *buf, const char *key, const char *value)
{
    if (!text_is_empty(value))
        emit_text(buf, key, value);
}

void
emit_list(struct buf *buf, const char *key, const char *list)
{
    const char *word;
    size_t size;

    emit_array(buf, key);
    while ((word = text_next_word(&list, &size)) != NULL) {
        begin(buf, NULL);
        string(buf, word, size);
    }
    emit_array_end(buf);
}
