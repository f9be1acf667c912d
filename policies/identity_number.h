/* SPDX-License-Identifier: Apache-2.0 */
/* Identity numbers of persons: GB 11643-1999 and the residence documents that share its form. */
#ifndef POLICIES_IDENTITY_NUMBER_H
#define POLICIES_IDENTITY_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

enum identity_kind {
    IDENTITY_UNKNOWN = 0,
    IDENTITY_CITIZEN,
    IDENTITY_RESIDENCE_PERMIT,   /* Hong Kong 81, Macau 82, Taiwan 83 */
    IDENTITY_PERMANENT_RESIDENT, /* foreigners' card of 2023, starts with 9 */
};

struct identity_number {
    char text[19]; /* canonical: 17 digits and a check character 0-9 or X */
    enum identity_kind kind;
    int32_t birth_date; /* yyyymmdd */
    bool male;
};

/*
 * `today` is yyyymmdd in Beijing. Decoration (policies/typed.h), full-width forms and a small x are
 * tolerated, so one person has one spelling. problem_identity_number_old for the 15-digit form;
 * problem_identity_number_invalid for anything else, today also for the foreigners' card before
 * 2023 (3 letters and 12 digits). Area codes are not judged: withdrawn ones stay in use. `out` is
 * written on success only.
 */
const struct problem *identity_number_check(const char *typed, int32_t today,
                                            struct identity_number *out);

/*
 * The 18-character form of a 15-digit number (19 put before the year, check character added): for
 * look-up only. False when it is not 15 digits, has no real date, or has sequence 996 to 999: those
 * were given to centenarians, whose century is not 19.
 */
bool identity_number_from_15(const char *old, char out[static 19]);

/*
 * Completed years between two yyyymmdd dates, by calendar; below 0 never. Who is born on 29
 * February has the birthday on 1 March in common years.
 */
int32_t age_on(int32_t birth_date, int32_t today);

/* First 3 and last 4 characters, stars between; all stars when shorter than 8. */
char *identity_number_masked(struct arena *arena, const char *text);

#endif
