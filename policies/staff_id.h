/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one spelling of a staff member's id, so that counters of failures, rights and the two-person rule
 * cannot be had twice by writing it another way.
 */
#ifndef POLICIES_STAFF_ID_H
#define POLICIES_STAFF_ID_H

#include "idp/base/arena.h"

#define STAFF_ID_MAX 64

/*
 * 1 to 64 of a-z 0-9 . _ - @, beginning with a letter or digit. Full-width forms are made plain and capitals small,
 * blanks around it go (as NFKC and lower case would). NULL: it is none; every other character is refused, so that no
 * two spellings that a directory takes for one are two here.
 */
const char *staff_id_canonical(struct arena *arena, const char *typed);

#endif
