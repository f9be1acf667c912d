/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/percent.h"

#include "idp/base/bytes.h"
#include "idp/base/text.h"

/* The byte that "%xy" at `escape` stands for, or -1. */
static int
escape_value(const char *escape, size_t left)
{
    int high = left > 2 ? hex_digit(escape[1]) : -1;
    int low = left > 2 ? hex_digit(escape[2]) : -1;

    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

enum err
percent_decode_bytes(char *text, size_t size, bool *is_text)
{
    size_t written = 0;

    for (size_t i = 0; i < size; i++) {
        int byte = (unsigned char)text[i];

        if (byte == '%') {
            byte = escape_value(&text[i], size - i);
            i += 2;
        }
        if (byte <= 0)
            return ERR_INVALID;
        text[written++] = (char)byte;
    }
    text[written] = '\0';
    *is_text = text_is_utf8(text, written);
    return OK;
}

enum err
percent_decode(char *text, size_t size, const char **out)
{
    bool is_text = false;

    if (percent_decode_bytes(text, size, &is_text) != OK || !is_text)
        return ERR_INVALID;
    *out = text;
    return OK;
}
