/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/survival.h"

#include <stdbool.h>

#define BEIJING_OFFSET_S (8 * 3600)
#define DAY_S 86400
#define MONTHS 12

/* Days from 1970-01-01 to the first day of a month of the Gregorian calendar. */
static int64_t
days_before_month(int64_t year, int64_t month)
{
    static const int64_t before[MONTHS] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    int64_t last = year - 1;
    int64_t leaps = last / 4 - last / 100 + last / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return (year - 1970) * 365 + leaps + before[month - 1] + (is_leap && month > 2 ? 1 : 0);
}

unix_s
survival_until(unix_s confirmed_at)
{
    int64_t date = time_beijing_date(confirmed_at);
    int64_t year = date / 10000 + 1;
    int64_t month = date / 100 % 100 + 1;

    if (month > MONTHS) {
        year++;
        month = 1;
    }
    return days_before_month(year, month) * DAY_S - BEIJING_OFFSET_S;
}
