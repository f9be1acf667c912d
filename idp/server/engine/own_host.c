/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/own_host.h"

#include <string.h>
#include <strings.h>

/* Without the port: of "[::1]:9089" the part in brackets, with them. */
static size_t
name_size(const char *at, size_t size)
{
    const char *bracket = size > 0 && at[0] == '[' ? memchr(at, ']', size) : NULL;
    const char *colon = memchr(at, ':', size);

    if (bracket != NULL)
        return (size_t)(bracket - at) + 1;
    return colon != NULL ? (size_t)(colon - at) : size;
}

bool
own_host_matches(const char *own, const char *host)
{
    size_t size;

    if (own == NULL || host == NULL)
        return true;
    size = name_size(host, strlen(host));
    while (*own != '\0') {
        size_t word = strcspn(own, " ");

        if (word > 0 && name_size(own, word) == size && strncasecmp(own, host, size) == 0)
            return true;
        own += word + (own[word] == ' ');
    }
    return false;
}
