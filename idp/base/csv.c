/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/csv.h"

#include <string.h>

#include "idp/base/text.h"

void
csv_begin(struct buf *out)
{
    buf_text(out, "\xef\xbb\xbf");
}

static bool
begins_formula(const char *text)
{
    static const char *const beginnings[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
                                              "\xef\xbc\xa0" }; /* ＝ ＋ － ＠ */
    const char *at = text + strspn(text, " ");

    if (*at != '\0' && strchr("=+-@\t\r\n", *at) != NULL)
        return true;
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
        if (text_starts(at, beginnings[i]))
            return true;
    return false;
}

void
csv_cell(struct buf *out, const char *text)
{
    const char *at = text != NULL ? text : "";
    char last = out->size > 0 ? out->at[out->size - 1] : '\n';

    buf_text(out, last == '"' ? ",\"" : "\"");
    if (begins_formula(at))
        buf_char(out, '\'');
    for (; *at != '\0'; at++) {
        if (*at == '"')
            buf_char(out, '"');
        buf_char(out, *at);
    }
    buf_char(out, '"');
}

void
csv_line_end(struct buf *out)
{
    buf_text(out, "\r\n");
}
