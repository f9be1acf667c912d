/* SPDX-License-Identifier: Apache-2.0 */
/* Where we may send a browser back to (RFC 6749, 3.1.2; RFC 8252, 7; RFC 9700, 2.1). */
#ifndef POLICIES_REDIRECT_H
#define POLICIES_REDIRECT_H

#include <stdbool.h>

/*
 * May a partner register this address, for redirects, logout or notices? An absolute https URI in
 * its one plain spelling: no fragment, user-info, backslash, control, wildcard, dot segment or
 * encoded separator. http is for 127.0.0.1, [::1] and localhost only. A native partner may also
 * have a private-use scheme that holds a dot, "com.example.app:/cb".
 */
bool redirect_uri_registrable(const char *uri, bool native);

/*
 * True when the two are equal byte for byte. Only the port of a native partner's http://127.0.0.1
 * or http://[::1] may differ (RFC 8252, 7.3). `asked` may be any bytes; NULL matches nothing.
 */
bool redirect_uri_matches(const char *registered, const char *asked, bool native);

#endif
