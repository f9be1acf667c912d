/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_password.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/typed.h"

#define DISTINCT_MIN 3
#define HALF (CARD_PASSWORD_DIGITS / 2)

const struct problem *
card_password_read(struct arena *arena, const char *typed, const char **out)
{
    char room[CARD_PASSWORD_DIGITS + 1];
    bool is_good = typed != NULL && typed_ascii(typed, room, sizeof(room)) &&
                   strlen(room) == CARD_PASSWORD_DIGITS && typed_is_digits(room);

    if (is_good)
        *out = arena_copy(arena, room, CARD_PASSWORD_DIGITS);
    explicit_bzero(room, sizeof(room));
    return is_good ? NULL : &problem_card_password_malformed;
}

/* 0 follows 9 on the way up, and 9 follows 0 on the way down. */
static bool
is_run(const char *digits)
{
    int step = (digits[1] - digits[0] + 10) % 10;

    if (step != 1 && step != 9)
        return false;
    for (size_t i = 1; i < CARD_PASSWORD_DIGITS; i++) {
        if ((digits[i] - digits[i - 1] + 10) % 10 != step)
            return false;
    }
    return true;
}

static bool
has_three_in_a_row(const char *digits)
{
    for (size_t i = 2; i < CARD_PASSWORD_DIGITS; i++) {
        if (digits[i] == digits[i - 1] && digits[i] == digits[i - 2])
            return true;
    }
    return false;
}

static size_t
distinct_count(const char *digits)
{
    size_t count = 0;

    for (size_t i = 0; i < CARD_PASSWORD_DIGITS; i++)
        count += memchr(digits, digits[i], i) == NULL;
    return count;
}

static bool
is_pairs(const char *digits)
{
    return digits[0] == digits[1] && digits[2] == digits[3] && digits[4] == digits[5];
}

static bool
is_simple(const char *digits)
{
    return is_run(digits) || has_three_in_a_row(digits) || distinct_count(digits) < DISTINCT_MIN ||
           is_pairs(digits) || strncmp(digits, digits + HALF, HALF) == 0;
}

static bool
stands_in(const char *digits, const char *number)
{
    return !text_is_empty(number) && strstr(number, digits) != NULL;
}

const struct problem *
card_password_judge(const char *digits, const struct card_holder_numbers *holder)
{
    if (is_simple(digits))
        return &problem_card_password_simple;
    if (stands_in(digits, holder->identity_number) || stands_in(digits, holder->phone) ||
        stands_in(digits, holder->card_no))
        return &problem_card_password_personal;
    return NULL;
}
