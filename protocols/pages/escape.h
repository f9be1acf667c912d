/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the values of a page harmless. */
#ifndef PROTOCOLS_PAGES_ESCAPE_H
#define PROTOCOLS_PAGES_ESCAPE_H

#include <stdbool.h>

#include "idp/base/buf.h"

/* For text and for an attribute's value in quotes. */
void html_escape(struct buf *out, const char *text);

/*
 * True for an address that may stand in href and action: a path on this site, a fragment, https, or
 * http to this machine. False for anything else (javascript:, data:, //host, a backslash or control
 * character).
 */
bool url_is_safe(const char *url);

#endif
