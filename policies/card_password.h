/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the password of the e-card must not be: it has six digits and guards payments, so what a finder
 * of the card or of an identity card would try first is refused.
 */
#ifndef POLICIES_CARD_PASSWORD_H
#define POLICIES_CARD_PASSWORD_H

#include "idp/base/arena.h"
#include "idp/base/problem.h"

#define CARD_PASSWORD_DIGITS 6

/* Whose it is; each may be NULL. Canonical. */
struct card_holder_numbers {
    const char *identity_number;
    const char *phone; /* national */
    const char *card_no;
};

/*
 * The six digits as ASCII, in the arena. problem_card_password_malformed: they are no six digits, full-width
 * ones and blanks between them allowed.
 */
const struct problem *card_password_read(struct arena *arena, const char *typed, const char **out);

/*
 * May she choose these six digits? No run up or down (123456, 890123, 654321); no digit three times in a
 * row, fewer than three different ones, or a half that comes twice (123123); no pairs (112233); no six
 * digits that stand side by side in a number of hers, birthday included. Problems:
 * card_password_simple, card_password_personal.
 */
const struct problem *card_password_judge(const char *digits,
                                          const struct card_holder_numbers *holder);

#endif
