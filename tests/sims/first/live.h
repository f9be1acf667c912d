/* SPDX-License-Identifier: Apache-2.0 */
/* What just happened: messages, events, tokens, numbers. */
#ifndef TESTS_SIMS_FIRST_LIVE_H
#define TESTS_SIMS_FIRST_LIVE_H

#include "tests/sims/first/first.h"

/* In HTML, as it is at this moment. */
/* Hours, minutes and seconds in Beijing of a time in RFC 3339, UTC. */
const char *live_clock(struct arena *arena, const char *at);

const char *live_part(const struct first_turn *turn);

#endif
