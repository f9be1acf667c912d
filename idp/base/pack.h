/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs to bytes and back, for what is sealed and handed out instead of stored. One table of
 * fields serves both directions: texts as 16-bit length and bytes, integers as 64 bits, big-endian,
 * in table order.
 *
 * The first byte names the layout, so that fields can be added while nodes of two versions serve
 * (docs/adr/0015). A layout has the fields whose `since` it has reached. Layout 0 is from before
 * there were layouts: it has no such byte, but starts with the length of an id, whose high byte is
 * 0.
 */
#ifndef IDP_BASE_PACK_H
#define IDP_BASE_PACK_H

#include <stddef.h>

#include "idp/base/buf.h"
#include "idp/base/err.h"

/* The newest layout. One more than in the version before when any table of fields has changed. */
#define PACK_LAYOUT 1

enum pack_kind {
    PACK_STOP,
    PACK_TEXT,
    PACK_INT
};

struct pack_field {
    enum pack_kind kind;
    size_t offset; /* of a const char * (NULL travels as "") or an int64_t */
    int since;     /* the first layout that has the field; later layouts keep it */
};

/* Of all layouts. */
#define PACKED_TEXT(type, member) PACKED_TEXT_SINCE(0, type, member)
#define PACKED_INT(type, member) PACKED_INT_SINCE(0, type, member)

#define PACKED_TEXT_SINCE(layout, type, member)                                                    \
    {                                                                                              \
        PACK_TEXT, offsetof(type, member), layout                                                  \
    }
#define PACKED_INT_SINCE(layout, type, member)                                                     \
    {                                                                                              \
        PACK_INT, offsetof(type, member), layout                                                   \
    }
#define PACKED_END                                                                                 \
    {                                                                                              \
        PACK_STOP, 0, 0                                                                            \
    }

/* `layout`: settings.upgrade.sealed_layout. A text over 65,535 bytes ends the piece of work as too
 * large, and so does a first text over 255 bytes in layout 0. */
struct bytes pack(struct arena *arena, const struct pack_field *fields, int64_t layout,
                  const void *from);

/*
 * ERR_INVALID unless the bytes are exactly the fields of a layout that this program knows: a newer
 * one may say something that must not be passed over. A field that is not in the layout is "" or 0.
 * Texts live in the arena and are never NULL.
 */
must_check enum err unpack(struct arena *arena, const struct pack_field *fields, struct bytes in,
                           void *out);

#endif
