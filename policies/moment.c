/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/moment.h"

#include <string.h>
#include <time.h>

#define BEIJING_S ((int64_t)8 * 3600)
#define DIGITS 8

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits alone, where they stand in groups of 4, 2 and 2 or in one. */
static bool
digits_of(const char *text, char out[DIGITS + 1])
{
    size_t count = 0;

    for (; *text != '\0'; text++) {
        if ((*text == '-' || *text == '/') && (count == 4 || count == 6) && is_digit(text[1]))
            continue;
        if (!is_digit(*text) || count == DIGITS)
            return false;
        out[count++] = *text;
    }
    out[count] = '\0';
    return count == DIGITS;
}

bool
moment_day_read(const char *text, int64_t *out)
{
    char digits[DIGITS + 1];
    struct tm tm = { 0 };
    struct tm meant;
    const char *end;
    int64_t at;

    if (strlen(text) > DIGITS + 2 || !digits_of(text, digits))
        return false;
    end = strptime(digits, "%Y%m%d", &tm);
    if (end == NULL || *end != '\0' || tm.tm_year < 100 || tm.tm_year > 299)
        return false;
    meant = tm;
    at = timegm(&tm);
    if (meant.tm_mday != tm.tm_mday || meant.tm_mon != tm.tm_mon)
        return false;
    *out = at - BEIJING_S;
    return true;
}
