/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Undoes what input methods do to numbers: full-width forms and blanks. The number policies of this
 * folder read by it.
 */
#ifndef POLICIES_TYPED_H
#define POLICIES_TYPED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes `typed` as ASCII: full-width forms become plain, blanks (U+0020, U+00A0, U+3000) and the
 * characters of `skip` are left out. False when another character appears or the result and its NUL
 * do not fit in `room` bytes.
 */
bool typed_ascii(const char *typed, const char *skip, char *out, size_t room);

/* Every character is 0-9. True for "". */
bool typed_is_digits(const char *text);

#endif
