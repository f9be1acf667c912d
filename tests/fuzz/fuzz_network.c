/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses as proxies send them. What is read is read again as the same, and counts as the same;
 * the list of hops never yields what is no address. And as the list of proxies of a configuration.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

/* The text as a list: read whole, or the word that is wrong stands in it. */
static void
list_read(const char *text)
{
    struct networks networks;
    size_t size;
    const char *wrong = networks_read(text, &size, &networks);

    must(networks.count <= NETWORKS_MAX);
    if (wrong != NULL)
        must(size > 0 && wrong >= text && wrong + size <= text + strlen(text));
    (void)networks_have(&networks, "10.0.0.1");
    (void)networks_have(&networks, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct networks trusted;
    size_t word;
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
    list_read(text);
    must(networks_read("10.0.0.0/8 ::1", &word, &trusted) == NULL);
    address = client_address(arena, "10.0.0.1", &trusted, text);
    must(text_eq(network_address(arena, address), address));
    arena_free(arena);
    return 0;
}
