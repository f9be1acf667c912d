/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/code_clock.h"

static unix_s
later(unix_s a, unix_s b)
{
    return a > b ? a : b;
}

enum code_time
code_clock_judge(const struct code_clock *clock, unix_s expires_at)
{
    unix_s issued_at = expires_at - CARD_CODE_LIFE_S;

    if (expires_at <= later(clock->wall, clock->high))
        return CODE_TIME_EXPIRED;
    if (issued_at > clock->wall + CODE_CLOCK_SKEW_S)
        return CODE_TIME_FUTURE;
    return issued_at < clock->not_before ? CODE_TIME_RESTORED : CODE_TIME_GOOD;
}

int64_t
code_clock_behind(const struct code_clock *clock)
{
    return later(clock->high - clock->wall, 0);
}

bool
code_clock_may_issue(const struct code_clock *clock)
{
    return code_clock_behind(clock) <= CODE_CLOCK_BEHIND_S;
}

bool
code_clock_is_beyond(unix_s wall, unix_s stored)
{
    return wall > stored;
}

bool
code_clock_comes_near(unix_s wall, unix_s stored)
{
    return wall > stored - CODE_CLOCK_LEAD_S / 2;
}

unix_s
code_clock_to_store(unix_s wall)
{
    return wall + CODE_CLOCK_LEAD_S;
}

unix_s
code_clock_heard(unix_s high, unix_s stored)
{
    return high == 0 ? stored : later(high, stored - CODE_CLOCK_LEAD_S);
}
