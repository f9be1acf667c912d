/* SPDX-License-Identifier: Apache-2.0 */
/* JSON that somebody else sent, read by jansson. Writing is emit.h. */
#ifndef IDP_BASE_JSON_H
#define IDP_BASE_JSON_H

#include <jansson.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"

#define JSON_DEPTH_MAX 32

/*
 * NULL when the text is no JSON array or object (RFC 8259), names a member twice or nests deeper
 * than JSON_DEPTH_MAX. Lives as long as the arena's other things: callers neither free nor count.
 */
json_t *json_read(struct arena *arena, struct bytes text);

/* The same, but the caller's to hold (unwind.h) and to give to json_release(); *error says
 * where and what is wrong. */
json_t *json_open(struct bytes text, json_error_t *error);
void json_release(void *value);

#endif
