/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One spelling for what different keyboards send for the same keys: OpaqueString of RFC 8265, 4.2
 * (letters composed by NFC, every blank is U+0020).
 */
#ifndef IDP_BASE_OPAQUE_H
#define IDP_BASE_OPAQUE_H

#include <stdbool.h>
#include <stddef.h>

/* Enough for whatever a field for a password holds. */
#define OPAQUE_PASSWORD_ROOM 4096

/*
 * Writes it to `out` (`text` is UTF-8). False, and nothing is written, when the text has no such
 * form (controls, characters without width, private or not yet assigned ones), or no room: three
 * times its size and a NUL are always enough.
 */
bool text_opaque(const char *text, char *out, size_t room);

#endif
