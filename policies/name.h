/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Legal names: Han (with rare characters), minority names with U+00B7, and Latin names of
 * foreigners.
 */
#ifndef POLICIES_NAME_H
#define POLICIES_NAME_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/problem.h"

/*
 * 1 to 64 characters after cleaning: outer blanks and those between Han characters go, one stays
 * between Latin words, every spelling of the middle dot becomes U+00B7, a letter and its accent
 * become one. The two scripts are not mixed. Ideographs are not normalised: a compatibility
 * ideograph is somebody's legal name. problem_name_private when it has a character of private use,
 * problem_name_invalid otherwise. `*canonical` lives in the arena.
 */
const struct problem *name_check(struct arena *arena, const char *typed, const char **canonical);

/*
 * First and last character with one star for each between; two characters keep the first, one keeps
 * none.
 */
char *name_masked(struct arena *arena, const char *name);

#endif
