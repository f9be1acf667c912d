/* SPDX-License-Identifier: Apache-2.0 */
/* What a password of a member of staff must be like, whatever the directory takes (GB/T 22239-2019, 8.1.4.1). Pure. */
#ifndef POLICIES_STAFF_PASSWORD_H
#define POLICIES_STAFF_PASSWORD_H

#include <stdbool.h>

/* STAFF_PASSWORD_MIN characters, of STAFF_PASSWORD_CLASSES of the four: capitals, small letters, digits, others. */
bool staff_password_is_strong(const char *password);

/* Nothing, or blanks of any kind alone: many a directory takes that for "no password asked" (RFC 4513, 5.1.2). */
bool staff_password_is_blank(const char *password);

#endif
