/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one cleaner of all fields for a number (phone, code, card, identity number): undoes what
 * input methods, address books and other pages do to numbers that are typed or pasted.
 */
#ifndef POLICIES_TYPED_H
#define POLICIES_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes `typed` as ASCII: full-width forms become plain; blanks of every kind, what nobody sees
 * (zero width, marks of direction), dashes, dots and brackets are left out. False when another
 * character appears or the result and its NUL do not fit in `room` bytes.
 */
bool typed_ascii(const char *typed, char *out, size_t room);

/* What typed_ascii() leaves out. */
bool typed_is_decoration(uint32_t c);

/* Every character is 0-9. True for "". */
bool typed_is_digits(const char *text);

#endif
