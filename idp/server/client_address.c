/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/client_address.h"

#include <arpa/inet.h>
#include <string.h>

#include "idp/base/text.h"

static bool
is_address(const char *text)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* The last element of the list in list[0..*size), with *size cut before it. */
static const char *
last_hop(struct arena *arena, const char *list, size_t *size)
{
    const char *comma = memrchr(list, ',', *size);
    size_t start = comma != NULL ? (size_t)(comma - list) + 1 : 0;
    const char *hop = text_trimmed(arena, arena_copy(arena, list + start, *size - start));

    *size = comma != NULL ? start - 1 : 0;
    return hop;
}

const char *
client_address(struct arena *arena, const char *peer, const char *trusted_proxies,
               const char *forwarded_for)
{
    size_t left = forwarded_for != NULL ? strlen(forwarded_for) : 0;
    const char *client = peer;

    while (left > 0 && text_list_has(trusted_proxies, client)) {
        client = last_hop(arena, forwarded_for, &left);
        if (!is_address(client))
            return peer;
    }
    return client;
}
