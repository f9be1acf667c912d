/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/when.h"

#include <string.h>
#include <time.h>

#include "idp/base/text.h"

#define BEIJING_S (8 * 3600)
#define AGO_MAX 99999

/* --- Reading --- */

static bool
ago_read(const char *text, struct when *out)
{
    static const struct {
        char unit;
        int64_t s;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
    char digits[8] = { 0 };
    size_t size = strlen(text);
    int64_t count;

    if (size < 2 || size > sizeof(digits))
        return false;
    memcpy(digits, text, size - 1);
    if (text_to_int(digits, 0, AGO_MAX, &count) != OK)
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (units[i].unit == text[size - 1])
            *out = (struct when) { .given = true, .ago = true, .s = count * units[i].s };
    }
    return out->given;
}

/* What there is no such day or hour of, timegm() would turn into another one. */
static bool
clock_read(struct tm *tm, const char *zone, struct when *out)
{
    struct tm as_meant = *tm;
    bool utc = text_eq(zone, "Z");
    int64_t s = timegm(tm);

    if (!utc && zone[0] != '\0' && !text_eq(zone, "+08:00"))
        return false;
    if (as_meant.tm_mday != tm->tm_mday || as_meant.tm_hour != tm->tm_hour ||
        as_meant.tm_sec != tm->tm_sec)
        return false;
    *out = (struct when) { .given = true, .s = utc ? s : s - BEIJING_S };
    return true;
}

bool
when_read(const char *text, struct when *out)
{
    static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
                                         "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S" };

    *out = (struct when) { 0 };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct tm tm = { 0 };
        const char *zone = strptime(text, forms[i], &tm);

        if (zone != NULL && clock_read(&tm, zone, out))
            return true;
    }
    return ago_read(text, out);
}

/* --- Writing --- */

const char *
when_text(struct arena *arena, unix_s at)
{
    time_t seconds = (time_t)(at + BEIJING_S);
    struct tm tm = { 0 };
    char out[sizeof("2026-11-27 08:00:00+08:00") + 8];

    if (at == 0)
        return "-";
    gmtime_r(&seconds, &tm);
    strftime(out, sizeof(out), "%Y-%m-%d %H:%M:%S+08:00", &tm);
    return arena_printf(arena, "%s", out);
}
