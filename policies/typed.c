/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/typed.h"

#include <string.h>

#include "idp/base/text.h"

static bool
is_blank(uint32_t c)
{
    return c == ' ' || c == 0xa0 || c == 0x3000;
}

/* U+FF01 to U+FF5E stand for U+0021 to U+007E. */
static uint32_t
narrow(uint32_t c)
{
    return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
}

bool
typed_ascii(const char *typed, const char *skip, char *out, size_t room)
{
    size_t size = 0;
    uint32_t c;

    if (!text_is_utf8(typed, strlen(typed)))
        return false;
    while ((c = narrow(text_next_char(&typed))) != 0) {
        if (is_blank(c))
            continue;
        if (c <= ' ' || c >= 0x7f)
            return false;
        if (strchr(skip, (char)c) != NULL)
            continue;
        if (size + 1 >= room)
            return false;
        out[size++] = (char)c;
    }
    out[size] = '\0';
    return true;
}

bool
typed_is_digits(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}
