/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/escape.h"

#include <string.h>

#include "idp/base/text.h"

void
html_escape(struct buf *out, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'");

        buf_bytes(out, text, plain);
        text += plain;
        switch (*text++) {
        case '&':
            buf_text(out, "&amp;");
            break;
        case '<':
            buf_text(out, "&lt;");
            break;
        case '>':
            buf_text(out, "&gt;");
            break;
        case '"':
            buf_text(out, "&quot;");
            break;
        case '\'':
            buf_text(out, "&#39;");
            break;
        default:
            return;
        }
    }
}

static bool
names_this_machine(const char *url)
{
    static const char *const hosts[] = { "http://localhost", "http://127.0.0.1" };

    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        const char *rest = url + strlen(hosts[i]);

        if (!text_starts(url, hosts[i]))
            continue;
        /* A port only: "localhost:x@elsewhere" is another machine. */
        if (*rest == ':')
            rest += 1 + strspn(rest + 1, "0123456789");
        return *rest == '\0' || strchr("/?#", *rest) != NULL;
    }
    return false;
}

bool
url_is_safe(const char *url)
{
    for (const char *c = url; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '\\')
            return false;
    }
    if (url[0] == '/')
        return url[1] != '/';
    return url[0] == '#' || text_starts(url, "https://") || names_this_machine(url);
}
