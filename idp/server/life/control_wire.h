/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What travels through the operators' door (control.h): frames of a letter, a size of four bytes,
 * the highest first, and so many bytes. A call is words, a file at most, where the call before it has
 * ended, and the end; its answer is what was said, why it failed, how far it has come, where it goes
 * on, and the exit status.
 */
#ifndef IDP_SERVER_LIFE_CONTROL_WIRE_H
#define IDP_SERVER_LIFE_CONTROL_WIRE_H

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/err.h"

enum frame_kind {
    FRAME_NONE = 0,
    FRAME_WORD = 'w',
    FRAME_FILE = 'f',
    FRAME_AGAIN = 'a', /* of what is asked again and again, for it takes long */
    FRAME_END = '.',
    FRAME_SAID = 'o',
    FRAME_WHY = 'e',
    FRAME_PROGRESS = 'p',
    FRAME_STATUS = 'x' /* one byte; it ends the answer */
};

/* ERR_UNAVAILABLE: the other side has gone, or takes too long. */
must_check enum err frame_write(int fd, enum frame_kind kind, struct bytes bytes);

/* *out is in the arena, with a NUL behind it. ERR_TOO_LARGE: more than `limit`; ERR_UNAVAILABLE. */
must_check enum err frame_read(int fd, struct arena *arena, size_t limit, enum frame_kind *kind,
                               struct bytes *out);

/* The address of a door; ERR_INVALID when its path is longer than the system's 107 bytes. */
struct sockaddr_un;
must_check enum err control_address(const char *path, struct sockaddr_un *out);

#endif
