/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By what a member of staff finds a person, in one field: her identity number, her phone number, or the number of her
 * social-security card. Each exactly: there is no search by name, by a part, or by a pattern. Pure.
 */
#ifndef POLICIES_FIND_NAME_H
#define POLICIES_FIND_NAME_H

#include "policies/login_name.h"

/* As typed: blanks, dashes and full-width forms are taken, whatever is longer is nothing of it. */
#define FIND_NAME_MAX_BYTES 64

/* Canonical. One of the three is not NULL. */
struct find_name {
    const char *phone;
    const char *identity_number;
    const char *card_no;
    const char *card_region; /* of a card: six digits before its number; "": none were typed */
};

/* `today` as for identity_number_check(). problem_find_name_invalid: it is none of them. */
const struct problem *find_name_check(struct arena *arena, const char *typed, int32_t today,
                                      struct find_name *out);

#endif
