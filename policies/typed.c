/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/typed.h"

#include <string.h>

#include "idp/base/text.h"

/* In order of code points; full-width forms are made narrow before. */
static const struct {
    uint32_t first;
    uint32_t last;
} decorations[] = {
    { '\t', '\r' }, /* tab, ends of lines */
    { ' ', ' ' },       { '(', ')' },       { '-', '.' }, { '[', '[' },
    { ']', ']' },       { '{', '{' },       { '}', '}' }, { 0x85, 0x85 }, /* next line */
    { 0xa0, 0xa0 },                                                       /* no-break space */
    { 0xad, 0xad },                                                       /* soft hyphen */
    { 0xb7, 0xb7 },                                                       /* middle dot */
    { 0x61c, 0x61c },                                                     /* Arabic letter mark */
    { 0x180e, 0x180e }, /* Mongolian vowel separator */
    { 0x2000, 0x200f }, /* blanks of all widths, zero width, marks of direction */
    { 0x2010, 0x2015 }, /* hyphens and dashes */
    { 0x2022, 0x2022 }, /* bullet */
    { 0x2027, 0x202f }, /* hyphenation point, separators, embeddings (U+202A to U+202E), narrow blank */
    { 0x2043, 0x2043 }, /* hyphen bullet */
    { 0x205f, 0x206f }, /* mathematical blank, word joiner, isolates (U+2066 to U+2069) */
    { 0x2212, 0x2212 }, /* minus */
    { 0x2500, 0x2501 }, /* lines of tables */
    { 0x2768, 0x2775 }, /* ornamental brackets */
    { 0x27e6, 0x27ef }, /* mathematical brackets */
    { 0x2e3a, 0x2e3b }, /* long dashes */
    { 0x3000, 0x3000 }, /* ideographic blank */
    { 0x3008, 0x3011 }, /* brackets */
    { 0x3014, 0x301b }, { 0x30fb, 0x30fc }, /* middle dot and dash of Japanese keyboards */
    { 0xfe58, 0xfe5e },                     /* small dash and brackets */
    { 0xfe63, 0xfe63 }, { 0xfeff, 0xfeff }, /* byte order mark */
    { 0xff5f, 0xff60 },                     /* white brackets */
    { 0xff65, 0xff65 }, { 0xff70, 0xff70 },
};

bool
typed_is_decoration(uint32_t c)
{
    for (size_t i = 0; i < sizeof(decorations) / sizeof(decorations[0]); i++) {
        if (c >= decorations[i].first && c <= decorations[i].last)
            return true;
    }
    return false;
}

/* U+FF01 to U+FF5E stand for U+0021 to U+007E. */
static uint32_t
narrow(uint32_t c)
{
    return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
}

bool
typed_ascii(const char *typed, char *out, size_t room)
{
    size_t size = 0;
    uint32_t c;

    if (!text_is_utf8(typed, strlen(typed)))
        return false;
    while ((c = narrow(text_next_char(&typed))) != 0) {
        if (typed_is_decoration(c))
            continue;
        if (c <= ' ' || c >= 0x7f || size + 1 >= room)
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
