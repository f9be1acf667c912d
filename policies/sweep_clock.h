/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By which time expired rows are removed. What is spent, counted or revoked is remembered by a row
 * until its end; were the machine's clock set forward for a moment, all of it would be forgotten,
 * and once the clock is right again what was spent could be spent again. So the sweep follows the
 * clock back at once, but forward only as far as time has really gone on, or when the new time has
 * stood for a day.
 */
#ifndef POLICIES_SWEEP_CLOCK_H
#define POLICIES_SWEEP_CLOCK_H

#include <stdbool.h>

#include "idp/base/env.h"

/* All zero before the first reading. */
struct sweep_clock {
    bool started;
    bool ahead;             /* the clock is before the one that is followed */
    int64_t offset_s;       /* of the clock that is followed, to the monotonic one */
    int64_t ahead_offset_s; /* the least since it went ahead */
    int64_t ahead_since_s;  /* monotonic */
};

#define SWEEP_CLOCK_PATIENCE_S 86400

/* `wall` as the machine tells it, `mono_s` seconds on the clock that only goes forward. */
unix_s sweep_clock_read(struct sweep_clock *clock, unix_s wall, int64_t mono_s);

#endif
