/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_field.h"

#include <stddef.h>
#include <string.h>

#include "idp/base/text.h"
#include "policies/identity_number.h"

#define REGION_DIGITS 6
#define CARD_NO_CHARACTERS 9

#define DIGITS "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool
card_region_is_sound(const char *text)
{
    return strlen(text) == REGION_DIGITS && strspn(text, DIGITS) == REGION_DIGITS;
}

bool
card_no_is_sound(const char *text)
{
    size_t letters = strspn(text, CAPITALS);

    return strlen(text) == CARD_NO_CHARACTERS && letters >= 1 && letters <= 2 &&
           strspn(text + letters, DIGITS) == CARD_NO_CHARACTERS - letters;
}

bool
card_identity_is_sound(const char *text, int32_t today)
{
    struct identity_number number;

    return identity_number_check(text, today, &number) == NULL && text_eq(number.text, text);
}

bool
card_date_read(const char *text, int32_t *out)
{
    static const int days_of[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t number;
    int year;
    int month;
    int day;

    if (strlen(text) != 8 || text_to_int(text, 19000101, 99991231, &number) != OK)
        return false;
    year = (int)(number / 10000);
    month = (int)(number / 100 % 100);
    day = (int)(number % 100);
    if (month < 1 || month > 12 || day < 1)
        return false;
    *out = (int32_t)number;
    if (month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
        return day <= 29;
    return day <= days_of[month - 1];
}
