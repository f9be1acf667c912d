/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/sweep_clock.h"

static void
follow(struct sweep_clock *clock, int64_t offset_s)
{
    *clock = (struct sweep_clock) { .started = true, .offset_s = offset_s };
}

static void
wait_ahead(struct sweep_clock *clock, int64_t offset_s, int64_t mono_s)
{
    if (!clock->ahead) {
        clock->ahead = true;
        clock->ahead_since_s = mono_s;
        clock->ahead_offset_s = offset_s;
    }
    if (offset_s < clock->ahead_offset_s)
        clock->ahead_offset_s = offset_s;
    if (mono_s - clock->ahead_since_s >= SWEEP_CLOCK_PATIENCE_S)
        follow(clock, clock->ahead_offset_s);
}

unix_s
sweep_clock_read(struct sweep_clock *clock, unix_s wall, int64_t mono_s)
{
    int64_t offset_s = wall - mono_s;

    if (!clock->started || offset_s <= clock->offset_s)
        follow(clock, offset_s);
    else
        wait_ahead(clock, offset_s, mono_s);
    return mono_s + clock->offset_s;
}
