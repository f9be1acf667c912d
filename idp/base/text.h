/* SPDX-License-Identifier: Apache-2.0 */
/* Small questions about C strings: bytes are UTF-8 (checked at the door),
 * space-separated lists are OAuth's. */
#ifndef IDP_BASE_TEXT_H
#define IDP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"

/* NULL equals only NULL. Not for secrets: digest_eq() is. */
bool text_eq(const char *a, const char *b);
bool text_eq_ignoring_case(const char *a, const char *b); /* ASCII letters only */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
bool text_is_empty(const char *text); /* NULL or "" */

/* Well-formed UTF-8 (no overlong form, surrogate or value above U+10FFFF) without NUL. */
bool text_is_utf8(const char *text, size_t size);

/* The code point at *at (which must be well-formed UTF-8), moving *at behind it; 0 at the end. */
uint32_t text_next_char(const char **at);
size_t text_count_chars(const char *text);

/* Append the code point as UTF-8; returns bytes written, 1 to 4. */
size_t text_put_char(char out[static 4], uint32_t c);

/* A decimal integer in [min, max], digits only (a leading '-' where min < 0): no
 * sign '+', blank or exponent. */
must_check enum err text_to_int(const char *text, int64_t min, int64_t max, int64_t *out);

/*
 * Words of a space-separated list. Start with *cursor = list; returns the next word (not
 * NUL-terminated) and its size, or NULL at the end.
 */
const char *text_next_word(const char **cursor, size_t *size);
bool text_list_has(const char *list, const char *word);
bool text_list_holds(const char *list, const char *word,
                     size_t size); /* as text_next_word() gave it */
size_t text_list_count(const char *list);

/* The words of `list` and those of `more` that are not among them. Lives in the arena. */
const char *text_list_union(struct arena *arena, const char *list, const char *more);
/* The words of `list` that `allowed` has too, in the order of `list`, each once. */
char *text_list_common(struct arena *arena, const char *list, const char *allowed);
/* True when every word of `list` is in `allowed`. An empty list is. */
bool text_list_within(const char *list, const char *allowed);

/* A copy without ASCII white space at both ends. */
char *text_trimmed(struct arena *arena, const char *text);

#endif
