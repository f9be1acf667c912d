/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/phone.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/typed.h"

#define COUNTRY "+86"
#define NATIONAL_SIZE 11

/* Behind the country's prefix; the whole text when it has none. */
static const char *
without_country(const char *number)
{
    static const char *const prefixes[] = { COUNTRY, "0086", "86" };

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (text_starts(number, prefixes[i]))
            return number + strlen(prefixes[i]);
    }
    return number;
}

static bool
is_mobile(const char *national)
{
    return strlen(national) == NATIONAL_SIZE && typed_is_digits(national) && national[0] == '1' &&
           national[1] >= '3';
}

const struct problem *
phone_check(struct arena *arena, const char *typed, const char **e164)
{
    char number[sizeof("0086") + NATIONAL_SIZE];
    const char *national;

    if (!typed_ascii(typed, number, sizeof(number)))
        return &problem_phone_invalid;
    national = without_country(number);
    if (!is_mobile(national))
        return &problem_phone_invalid;
    *e164 = arena_printf(arena, COUNTRY "%s", national);
    return NULL;
}

const char *
phone_national(const char *e164)
{
    return text_is_empty(e164) ? "" : e164 + strlen(COUNTRY);
}

char *
phone_masked(struct arena *arena, const char *e164)
{
    const char *national = phone_national(e164);

    if (text_is_empty(national))
        return arena_text(arena, "");
    return arena_printf(arena, "%.3s****%s", national, national + 7);
}
