/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a loss that was reported provisionally (by telephone, message or page) keeps a card stopped:
 * each region has its own law. The setting is a list such as "310000:5 610100:7 *:15".
 */
#ifndef POLICIES_LOSS_DAYS_H
#define POLICIES_LOSS_DAYS_H

#include <stdint.h>

#include "idp/base/arena.h"

#define LOSS_DAYS_MAX 365

/* NULL, or a sentence that says what is wrong with the list. */
const char *loss_days_check(struct arena *arena, const char *list);

/*
 * Of the region of that six-digit division code. A code that ends in 0000 stands for its province, one
 * that ends in 00 for its city; the narrowest counts, and * stands for the rest. The list is good.
 */
int64_t loss_days(const char *list, const char *region);

#endif
