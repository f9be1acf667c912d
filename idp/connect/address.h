/* SPDX-License-Identifier: Apache-2.0 */
/* What an internet address is for: the judgement behind the guard on outbound calls. */
#ifndef IDP_CONNECT_ADDRESS_H
#define IDP_CONNECT_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Zero is the strict answer. */
enum address_kind {
    ADDRESS_INNER, /* private, link-local, shared, multicast, documentation, tunnel, or of no known
                      family */
    ADDRESS_LOOPBACK, /* this machine: 127.0.0.0/8 and ::1 */
    ADDRESS_PUBLIC    /* globally reachable by the IANA special-purpose registries (RFC 6890) */
};

enum address_kind address_kind_of(const struct sockaddr *address);

/*
 * The same for a literal such as "10.0.0.1" or "::1" (no brackets). False when the text is no
 * literal.
 */
bool address_parse(const char *text, enum address_kind *out);

#endif
