/* SPDX-License-Identifier: Apache-2.0 */
/* Small files read whole. */
#ifndef IDP_BASE_FILE_H
#define IDP_BASE_FILE_H

#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"

/* All of it, in the arena and with a NUL behind. ERR_INVALID: cannot be read, or larger than
 * `max`; the log says why. */
must_check enum err file_read(struct arena *arena, const char *path, size_t max, struct bytes *out);

/* The mode of a file that group or others may read or change, so that it can hold no secret; 0 when
 * only its owner can, or there is none. */
unsigned file_open_mode(const char *path);

#endif
