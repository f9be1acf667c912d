/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What counts as one sender: an IPv4 address, or the /64 that an IPv6 household or phone is given
 * whole (RFC 6177); and the prefix that one customer of a network may hold at most.
 */
#ifndef POLICIES_NETWORK_H
#define POLICIES_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"

/*
 * One spelling of an address, or NULL when it is none: lower case and compressed (RFC 5952), an
 * IPv4-mapped one as IPv4, without zone. Proxies add ports and brackets, which are left out as
 * well: "1.2.3.4:5678", "[::1]", "[::1]:99".
 */
const char *network_address(struct arena *arena, const char *text);

/* "1.2.3.4" or "2001:db8:1:2::/64". Whatever is no address is one sender: "unknown". */
const char *network_unit(struct arena *arena, const char *text);

/* "1.2.3.0/24" or "2001:db8:1::/48", or "unknown". */
const char *network_prefix(struct arena *arena, const char *text);

/* Addresses and networks (RFC 4632, RFC 4291, 2.3), read once. */
#define NETWORKS_MAX 64

struct networks {
    size_t count;
    struct network {
        int family;
        uint8_t bytes[16];
        unsigned bits; /* of the bytes that must agree */
    } at[NETWORKS_MAX];
};

/*
 * Of a list separated by spaces: "10.0.0.2 10.1.0.0/16 2001:db8::/32". NULL, or the first word (in
 * the list, not NUL-terminated, its length in *size) that is none, that holds every address there
 * is, or for which there is no room. Bits behind the prefix do not count.
 */
const char *networks_read(const char *list, size_t *size, struct networks *out);

/* Is the address, in any spelling, in one of them? Never for what is no address. */
bool networks_have(const struct networks *networks, const char *address);

#endif
