/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/bank_card.h"

#include <stdbool.h>
#include <string.h>

#include "idp/base/buf.h"
#include "policies/typed.h"

#define DIGITS_MIN 13
#define DIGITS_MAX 19

/*
 * From the right every second digit counts twice, and a two-digit product as its cross sum (ISO/IEC
 * 7812-1, annex B).
 */
static bool
luhn_holds(const char *digits)
{
    size_t size = strlen(digits);
    int sum = 0;

    for (size_t i = 0; i < size; i++) {
        int digit = digits[size - 1 - i] - '0';

        if (i % 2 == 1)
            digit = digit * 2 - (digit > 4 ? 9 : 0);
        sum += digit;
    }
    return sum % 10 == 0;
}

const struct problem *
bank_card_check(struct arena *arena, const char *typed, const char **digits)
{
    char number[DIGITS_MAX + 1];
    bool sound = typed_ascii(typed, number, sizeof(number)) && typed_is_digits(number) &&
                 strlen(number) >= DIGITS_MIN && luhn_holds(number);

    if (sound)
        *digits = arena_text(arena, number);
    explicit_bzero(number, sizeof(number));
    return sound ? NULL : &problem_bank_card_invalid;
}

const char *
bank_card_grouped(struct arena *arena, const char *typed)
{
    char number[DIGITS_MAX + 1];
    struct buf grouped = buf_new(arena, 2 * sizeof(number));

    if (!typed_ascii(typed, number, sizeof(number)) || !typed_is_digits(number))
        return typed;
    for (size_t i = 0; number[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0)
            buf_char(&grouped, ' ');
        buf_char(&grouped, number[i]);
    }
    explicit_bzero(number, sizeof(number));
    return grouped.at;
}

const char *
bank_card_last_four(const char *digits)
{
    return digits + strlen(digits) - 4;
}

char *
bank_card_issuer_bin(struct arena *arena, const char *digits)
{
    return arena_copy(arena, digits, 6);
}
