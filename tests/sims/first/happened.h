/* SPDX-License-Identifier: Apache-2.0 */
/* The last events, newest first. */
#ifndef TESTS_SIMS_FIRST_HAPPENED_H
#define TESTS_SIMS_FIRST_HAPPENED_H

#include "tests/sims/first/first.h"

/* In HTML; "" while there are none. */
const char *happened(const struct first_turn *turn);

#endif
