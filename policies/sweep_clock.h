/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock by which the sweep removes expired rows. A row remembers what is spent, counted or
 * revoked until the row expires. If the machine's clock went forward for a moment, the sweep would
 * remove such rows too early, and somebody could spend a code again. So the sweep follows the clock
 * back at once, but forward only as far as time has really gone on, or when the new time has stood
 * for a day.
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
