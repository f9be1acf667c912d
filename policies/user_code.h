/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The code that a device shows and a person types (RFC 8628, 6.1): letters that no keyboard, font or
 * ear takes for another, and that spell no word.
 */
#ifndef POLICIES_USER_CODE_H
#define POLICIES_USER_CODE_H

#include <stdbool.h>

#include "idp/base/arena.h"

#define USER_CODE_ALPHABET "BCDFGHJKLMNPQRSTVWXZ" /* 20 of them: 8 make 34 bits */
#define USER_CODE_LETTERS 8

/*
 * What she typed as the code itself: small letters, full-width forms, blanks and hyphens do no harm.
 * False when it is none, whatever the store says.
 */
bool user_code_read(const char *typed, char out[static USER_CODE_LETTERS + 1]);

/* "WDJB-MJHT", as devices and pages show it. */
const char *user_code_shown(struct arena *arena, const char *code);

/* Two digits, 10 to 99, that a device shows beside it; on the page she finds it among others. */
#define MATCH_NUMBER_LEAST 10
#define MATCH_NUMBER_COUNT 90
#define MATCH_CHOICES 3

/*
 * The numbers to choose from, in ascending order, so that nothing tells which it is: `number` and
 * others that `seed` makes of it, the same each time the page is shown.
 */
void match_choices(int number, const unsigned char seed[static 8], int out[static MATCH_CHOICES]);

#endif
