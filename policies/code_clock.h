/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time by which a card code lives and dies, so that no movement of a clock revives one
 * (docs/adr/0051). A code is judged by the latest time that this process has seen, or has heard of
 * from the store, and not by what the clock says now. What the store holds is ahead of all nodes:
 * none acts at a later time before it has raised it, so a process that starts knows that nobody was
 * further.
 */
#ifndef POLICIES_CODE_CLOCK_H
#define POLICIES_CODE_CLOCK_H

#include <stdbool.h>

#include "idp/base/env.h"

#define CARD_CODE_LIFE_S 60

/* The stored time is so far ahead of whoever raises it: it is written once in half of that. */
#define CODE_CLOCK_LEAD_S 10
/* Two nodes differ by less. */
#define CODE_CLOCK_SKEW_S 5
/* A clock that is further behind issues no codes: they would be dead on arrival, or nearly. */
#define CODE_CLOCK_BEHIND_S 30

struct code_clock {
    unix_s wall;       /* what the clock says */
    unix_s high;       /* the latest time that is known to have been */
    unix_s not_before; /* what was handed out before it is worth nothing; 0: never said */
};

enum code_time {
    CODE_TIME_EXPIRED,
    CODE_TIME_FUTURE,   /* no node of ours has issued it yet */
    CODE_TIME_RESTORED, /* issued before the time that was said after a restore */
    CODE_TIME_GOOD
};

enum code_time code_clock_judge(const struct code_clock *clock, unix_s expires_at);

/* How far the clock is behind the latest time; 0 when it is not. */
int64_t code_clock_behind(const struct code_clock *clock);
bool code_clock_may_issue(const struct code_clock *clock);

/* --- The stored time --- */

/* Must it be raised before anybody acts now; and is it time to? */
bool code_clock_is_beyond(unix_s wall, unix_s stored);
bool code_clock_comes_near(unix_s wall, unix_s stored);
/* What to raise it to. */
unix_s code_clock_to_store(unix_s wall);

/* The latest time, for who knew of `high` until now. A process that starts (high 0) takes the stored
 * time as it is; one that runs knows that whoever wrote it was CODE_CLOCK_LEAD_S behind. */
unix_s code_clock_heard(unix_s high, unix_s stored);

#endif
