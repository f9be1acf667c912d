/* SPDX-License-Identifier: Apache-2.0 */
/* Mainland mobile numbers. Others are refused: messages abroad are how SMS pumping pays. */
#ifndef POLICIES_PHONE_H
#define POLICIES_PHONE_H

#include "idp/base/arena.h"
#include "idp/base/problem.h"

/*
 * "+8613800138000" whatever the prefix (+86, 0086, 86, none) and decoration (policies/typed.h) typed.
 * problem_phone_invalid otherwise. `*e164` lives in the arena.
 */
const struct problem *phone_check(struct arena *arena, const char *typed, const char **e164);

/* The 11 digits within `e164`, which phone_check() made; "" of "", who has none. */
const char *phone_national(const char *e164);

/* "138****8000" of a number that phone_check() made. */
char *phone_masked(struct arena *arena, const char *e164);

#endif
