/* SPDX-License-Identifier: Apache-2.0 */
/* Where a page stands, as browsers write it (RFC 6454, 6.1; WHATWG URL, 4.7): scheme, host, port. */
#ifndef POLICIES_WEB_ORIGIN_H
#define POLICIES_WEB_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"

/*
 * May a partner register this origin? "https://host" or "https://host:port" in the one spelling
 * that browsers send: lower case, no path, no wildcard, no port that the scheme implies. http is
 * for 127.0.0.1, [::1] and localhost only.
 */
bool web_origin_registrable(const char *text);

/*
 * How many bytes at the beginning of a registrable address (redirect.h) are the origin of its page.
 * 0: it has none that a browser would tell, as "com.example.app:/cb".
 */
size_t web_origin_size(const char *uri);

/* The host within it, as registered (punycode stays), without a port: for people to read. "": none. */
const char *web_origin_host(struct arena *arena, const char *uri);

#endif
