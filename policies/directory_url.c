/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/directory_url.h"

#include <string.h>

#include "idp/base/text.h"

#define PORT_MAX 65535
#define HOST_MAX 253
#define HEXADECIMAL "0123456789abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool
port_is_right(const char *text)
{
    int64_t port;

    return *text == '\0' || (*text == ':' && text_to_int(text + 1, 1, PORT_MAX, &port) == OK);
}

bool
directory_url_is_right(const char *url)
{
    bool is_6;
    size_t size;

    if (text_starts(url, "ldaps://"))
        url += strlen("ldaps://");
    else if (text_starts(url, "ldap://"))
        url += strlen("ldap://");
    else
        return false;
    is_6 = *url == '[';
    size = is_6 ? strspn(url + 1, HEXADECIMAL ":.") : strspn(url, LETTERS "0123456789-.");
    if (size == 0 || size > HOST_MAX)
        return false;
    if (!is_6)
        return *url != '-' && *url != '.' && port_is_right(url + size);
    return url[size + 1] == ']' && port_is_right(url + size + 2);
}

bool
directory_filter_is_right(const char *filter)
{
    int depth = 0;

    if (*filter != '(' || !text_is_utf8(filter, strlen(filter)))
        return false;
    for (const char *at = filter; *at != '\0'; at++) {
        depth += (*at == '(') - (*at == ')');
        if (depth < 0 || (depth == 0 && at[1] != '\0'))
            return false;
    }
    return depth == 0;
}
