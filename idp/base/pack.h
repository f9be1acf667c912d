/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs to bytes and back, for what is sealed and handed out instead of stored. One table of
 * fields serves both directions: texts as 16-bit length and bytes, integers as 64 bits, big-endian,
 * in table order.
 */
#ifndef IDP_BASE_PACK_H
#define IDP_BASE_PACK_H

#include <stddef.h>

#include "idp/base/buf.h"
#include "idp/base/err.h"

enum pack_kind {
    PACK_STOP,
    PACK_TEXT,
    PACK_INT
};

struct pack_field {
    enum pack_kind kind;
    size_t offset; /* of a const char * (NULL travels as "") or an int64_t */
};

#define PACKED_TEXT(type, member)                                                                  \
    {                                                                                              \
        PACK_TEXT, offsetof(type, member)                                                          \
    }
#define PACKED_INT(type, member)                                                                   \
    {                                                                                              \
        PACK_INT, offsetof(type, member)                                                           \
    }
#define PACKED_END                                                                                 \
    {                                                                                              \
        PACK_STOP, 0                                                                               \
    }

/* A text over 65,535 bytes ends the piece of work as too large. */
struct bytes pack(struct arena *arena, const struct pack_field *fields, const void *from);

/* ERR_INVALID unless the bytes are exactly these fields. Texts live in the
 * arena and are never NULL. */
must_check enum err unpack(struct arena *arena, const struct pack_field *fields, struct bytes in,
                           void *out);

#endif
