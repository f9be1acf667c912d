/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/identity_number.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/typed.h"

/* Nobody alive was born before; a typing error is likelier. */
#define EARLIEST_BIRTH 18500101

static int32_t
number_at(const char *digits, size_t count)
{
    int32_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

static bool
is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool
is_date(int32_t yyyymmdd)
{
    static const int32_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t year = yyyymmdd / 10000;
    int32_t month = yyyymmdd / 100 % 100;
    int32_t day = yyyymmdd % 100;

    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* ISO 7064 MOD 11-2 over the first 17 digits. */
static char
check_character(const char *digits)
{
    static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;

    for (size_t i = 0; i < 17; i++)
        sum += (digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static enum identity_kind
kind_of(const char *text)
{
    if (text[0] == '9')
        return IDENTITY_PERMANENT_RESIDENT;
    if (text[0] == '8' && text[1] >= '1' && text[1] <= '3')
        return IDENTITY_RESIDENCE_PERMIT;
    return text[0] == '0' ? IDENTITY_UNKNOWN : IDENTITY_CITIZEN;
}

static bool
has_form(const char *text)
{
    return strlen(text) == 18 && strspn(text, "0123456789") >= 17 &&
           text[17] == check_character(text);
}

const struct problem *
identity_number_check(const char *typed, int32_t today, struct identity_number *out)
{
    struct identity_number number = { .kind = IDENTITY_UNKNOWN };

    if (!typed_ascii(typed, number.text, sizeof(number.text)))
        return &problem_identity_number_invalid;
    if (strlen(number.text) == 15 && typed_is_digits(number.text))
        return &problem_identity_number_old;
    if (number.text[17] == 'x')
        number.text[17] = 'X';
    if (!has_form(number.text))
        return &problem_identity_number_invalid;

    number.kind = kind_of(number.text);
    number.birth_date = number_at(number.text + 6, 8);
    number.male = (number.text[16] - '0') % 2 == 1;
    if (number.kind == IDENTITY_UNKNOWN || !is_date(number.birth_date) ||
        number.birth_date < EARLIEST_BIRTH || number.birth_date > today)
        return &problem_identity_number_invalid;
    *out = number;
    return NULL;
}

bool
identity_number_from_15(const char *old, char out[static 19])
{
    char text[19] = { 0 };

    if (strlen(old) != 15 || !typed_is_digits(old) || number_at(old + 12, 3) >= 996)
        return false;
    memcpy(text, old, 6);
    memcpy(text + 6, "19", 2);
    memcpy(text + 8, old + 6, 9);
    if (!is_date(number_at(text + 6, 8)))
        return false;
    text[17] = check_character(text);
    memcpy(out, text, sizeof(text));
    return true;
}

int32_t
age_on(int32_t birth_date, int32_t today)
{
    int32_t years = today / 10000 - birth_date / 10000;
    bool birthday_reached = today % 10000 >= birth_date % 10000;

    if (!birthday_reached)
        years--;
    return years > 0 ? years : 0;
}

char *
identity_number_masked(struct arena *arena, const char *text)
{
    char *masked = arena_text(arena, text);
    size_t size = strlen(masked);
    size_t from = size < 8 ? 0 : 3;
    size_t to = size < 8 ? size : size - 4;

    memset(masked + from, '*', to - from);
    return masked;
}
