/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/client_address.h"

#include <string.h>

#include "idp/base/text.h"

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
client_address(struct arena *arena, const char *peer, const struct networks *trusted,
               const char *forwarded_for)
{
    size_t left = forwarded_for != NULL ? strlen(forwarded_for) : 0;
    const char *known = network_address(arena, peer);
    const char *client = known;

    if (known == NULL)
        return peer;
    while (left > 0 && networks_have(trusted, client)) {
        client = network_address(arena, last_hop(arena, forwarded_for, &left));
        if (client == NULL)
            return known;
    }
    return client;
}
