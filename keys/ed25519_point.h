/* SPDX-License-Identifier: Apache-2.0 */
/* Public points of Ed25519 (RFC 8032, 5.1.2), in libcrypto's numbers alone: the validation kit has nothing else. */
#ifndef KEYS_ED25519_POINT_H
#define KEYS_ED25519_POINT_H

#include <stdbool.h>
#include <stdint.h>

/* True for a point on the curve in its one spelling that is none of the eight of small order, whose
 * "signatures" anybody can make. */
bool ed25519_point_is_sound(const uint8_t point[static 32]);

#endif
