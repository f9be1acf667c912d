/* SPDX-License-Identifier: Apache-2.0 */
/* Bank card numbers (ISO/IEC 7812). Checked, sent to the bank, never stored. */
#ifndef POLICIES_BANK_CARD_H
#define POLICIES_BANK_CARD_H

#include "idp/base/arena.h"
#include "idp/base/problem.h"

/*
 * 13 to 19 digits that pass the Luhn check, without the decoration typed (policies/typed.h).
 * problem_bank_card_invalid otherwise. `*digits` lives in the arena and is wiped with it.
 */
const struct problem *bank_card_check(struct arena *arena, const char *typed, const char **digits);

/* As on cards, in groups of four, when it has nothing but digits and decoration; else as typed. */
const char *bank_card_grouped(struct arena *arena, const char *typed);

/*
 * What we may keep and show of the digits that bank_card_check() made. The first points into them.
 */
const char *bank_card_last_four(const char *digits);
char *bank_card_issuer_bin(struct arena *arena, const char *digits);

#endif
