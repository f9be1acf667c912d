/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON that somebody else sent, read by jansson, and the members of it, each asked for as what it
 * should be. Writing is emit.h.
 */
#ifndef IDP_BASE_JSON_H
#define IDP_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "idp/base/err.h"

#define JSON_DEPTH_MAX 32
#define JSON_BYTES_MAX 65536
#define JSON_VALUES_MAX 4096
/* Words of one list. */
#define JSON_LIST_MAX 64

/*
 * NULL when the text is no JSON array or object (RFC 8259), names a member twice, nests deeper than
 * JSON_DEPTH_MAX, or is beyond JSON_BYTES_MAX or JSON_VALUES_MAX. Lives as long as the arena's
 * other things: callers neither free nor count.
 */
json_t *json_read(struct arena *arena, struct bytes text);

/* The same for a file of an operator's, of any size: the caller's to hold (unwind.h) and to give to
 * json_release(); *error says where and what is wrong. */
json_t *json_open(struct bytes text, json_error_t *error);
void json_release(void *value);

/* Any value as text for people: a text between its quotes, as it is. */
const char *json_value_text(struct arena *arena, const json_t *value);

/* An object or array as text again, in the arena: without blanks, its members in their order or
 * sorted by name. NULL for anything else. */
const char *json_text(struct arena *arena, const json_t *value);
const char *json_text_sorted(struct arena *arena, const json_t *value);

/*
 * A member of an object. ERR_NOT_FOUND when it is absent, as all are of what is no object (NULL
 * too); ERR_INVALID when it is something else than asked for or beyond a bound. `out` stays
 * untouched then. Texts live as long as the object, words in the arena.
 */

bool member_is_there(const json_t *object, const char *name);

/* The members one after another, whatever they are, in their order: the name of the next; NULL
 * behind the last, and for what is no object. *at is NULL before the first. */
const char *member_next(const json_t *object, void **at, const json_t **value);

/* A text of at most `max` bytes. */
must_check enum err member_text(const json_t *object, const char *name, size_t max,
                                const char **out);

must_check enum err member_int(const json_t *object, const char *name, int64_t *out);

/* NumericDate (RFC 7519, 2): seconds from 1970 to the end of 9999, perhaps with a fraction, which
 * is cut off. */
must_check enum err member_time(const json_t *object, const char *name, unix_s *out);

must_check enum err member_bool(const json_t *object, const char *name, bool *out);

must_check enum err member_object(const json_t *object, const char *name, const json_t **out);

/* An array. */
must_check enum err member_list(const json_t *object, const char *name, const json_t **out);

/* An array of texts as a list of words: at most JSON_LIST_MAX of them, together at most `max`
 * bytes, none empty or with a blank in it. */
must_check enum err member_words(struct arena *arena, const json_t *object, const char *name,
                                 size_t max, const char **out);

/* An audience (RFC 7519, 4.1.3): such an array, or the text alone. */
must_check enum err member_audience(struct arena *arena, const json_t *object, size_t max,
                                    const char **out);

#endif
