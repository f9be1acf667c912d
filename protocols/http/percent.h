/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding (RFC 3986, 2.1), taken apart strictly. */
#ifndef PROTOCOLS_HTTP_PERCENT_H
#define PROTOCOLS_HTTP_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/err.h"

/*
 * Decodes `text` in place (text[size] must be writable: the NUL goes there or before) and points
 * `out` to it. ERR_INVALID: a cut or bad escape, a NUL, or what comes out is not UTF-8.
 */
must_check enum err percent_decode(char *text, size_t size, const char **out);

/* The same for any bytes but NUL: *is_text says whether they are UTF-8. ERR_INVALID otherwise. */
must_check enum err percent_decode_bytes(char *text, size_t size, bool *is_text);

#endif
