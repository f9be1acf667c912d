/* SPDX-License-Identifier: Apache-2.0 */
/* Append-only JSON writer (RFC 8259). Commas and escapes are its business;
 * nesting order is the caller's. */
#ifndef IDP_BASE_EMIT_H
#define IDP_BASE_EMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/buf.h"

/*
 * Values: inside an object `key` names the member; inside an array, and at the top, pass NULL.
 * emit_raw() takes text that is JSON already.
 */
void emit_object(struct buf *buf, const char *key);
void emit_object_end(struct buf *buf);
void emit_array(struct buf *buf, const char *key);
void emit_array_end(struct buf *buf);
void emit_text(struct buf *buf, const char *key, const char *value);
void emit_int(struct buf *buf, const char *key, int64_t value);
void emit_bool(struct buf *buf, const char *key, bool value);
void emit_raw(struct buf *buf, const char *key, const char *value);

/* Members left out when there is nothing to say. */
void emit_text_if(struct buf *buf, const char *key, const char *value); /* value NULL or "" */
/* A space-separated list as an array of strings. */
void emit_list(struct buf *buf, const char *key, const char *list);

#endif
