/* SPDX-License-Identifier: Apache-2.0 */
/* A byte string that grows in an arena. Always NUL-terminated behind `size`. */
#ifndef IDP_BASE_BUF_H
#define IDP_BASE_BUF_H

#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"

struct buf {
    struct arena *arena;
    char *at;
    size_t size;
    size_t room;
};

/* `room` is a first guess in bytes. */
struct buf buf_new(struct arena *arena, size_t room);

void buf_bytes(struct buf *buf, const void *bytes, size_t size);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_int(struct buf *buf, long long value);
void buf_base64url(struct buf *buf, struct bytes in);
/* Percent-encoding of everything but RFC 3986 unreserved characters: for query
 * strings and form bodies. */
void buf_url(struct buf *buf, const char *text);

struct bytes buf_view(const struct buf *buf);

#endif
