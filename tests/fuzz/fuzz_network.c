/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses as proxies send them. What is read is read again as the same, and counts as the same;
 * the list of hops never yields what is no address.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "idp/base/arena.h"
#include "idp/base/text.h"
#include "idp/server/engine/client_address.h"
#include "policies/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int holds)
{
    if (!holds)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena;
    const char *text;
    const char *address;

    if (size > 4096)
        return 0;
    arena = arena_new(1 << 20);
    text = arena_copy(arena, data, size);
    address = network_address(arena, text);
    if (address != NULL) {
        must(text_eq(network_address(arena, address), address));
        must(text_eq(network_unit(arena, address), network_unit(arena, text)));
        must(text_eq(network_prefix(arena, address), network_prefix(arena, text)));
    } else {
        must(text_eq(network_unit(arena, text), "unknown"));
    }
    address = client_address(arena, "10.0.0.1", "10.0.0.1 ::1", text);
    must(text_eq(network_address(arena, address), address));
    arena_free(arena);
    return 0;
}
