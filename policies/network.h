/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What counts as one sender: an IPv4 address, or the /64 that an IPv6 household or phone is given
 * whole (RFC 6177); and the prefix that one customer of a network may hold at most.
 */
#ifndef POLICIES_NETWORK_H
#define POLICIES_NETWORK_H

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

#endif
