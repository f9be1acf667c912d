/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/web_origin.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/redirect.h"

/* A browser leaves the port out that the scheme implies. */
static bool
is_implied(const char *port, size_t size, const char *implied)
{
    return size == strlen(implied) && strncmp(port, implied, size) == 0;
}

size_t
web_origin_size(const char *uri)
{
    bool https = text_starts(uri, "https://");
    const char *host;
    const char *port;
    size_t size;

    if (!https && !text_starts(uri, "http://"))
        return 0;
    host = strstr(uri, "://") + 3;
    port = host[0] == '[' ? strchr(host, ']') + 1 : host + strcspn(host, ":/?");
    size = strcspn(port, "/?");
    if (is_implied(port, size, https ? ":443" : ":80"))
        size = 0;
    return (size_t)(port - uri) + size;
}

bool
web_origin_registrable(const char *text)
{
    return redirect_uri_registrable(text, false) && web_origin_size(text) == strlen(text);
}

const char *
web_origin_host(struct arena *arena, const char *uri)
{
    const char *origin = arena_copy(arena, uri, web_origin_size(uri));
    const char *host = strstr(origin, "://");
    size_t size;

    if (host == NULL)
        return "";
    host += strlen("://");
    size = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    return arena_copy(arena, host, size);
}
