/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/user_code.h"

#include <string.h>

#include "policies/typed.h"

#define HALF 4

static char
upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool
user_code_read(const char *typed, char out[static USER_CODE_LETTERS + 1])
{
    char plain[USER_CODE_LETTERS + 1];

    if (!typed_ascii(typed, plain, sizeof(plain)) || strlen(plain) != USER_CODE_LETTERS)
        return false;
    for (size_t i = 0; i < USER_CODE_LETTERS; i++)
        plain[i] = upper(plain[i]);
    if (strspn(plain, USER_CODE_ALPHABET) != USER_CODE_LETTERS)
        return false;
    memcpy(out, plain, sizeof(plain));
    return true;
}

const char *
user_code_shown(struct arena *arena, const char *code)
{
    return arena_printf(arena, "%.*s-%s", HALF, code, code + HALF);
}

static bool
is_among(const int *numbers, size_t count, int number)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number)
            return true;
    }
    return false;
}

/* The next free number from `from` on, round the end. */
static int
free_from(const int *taken, size_t count, int from)
{
    int number = MATCH_NUMBER_LEAST + from % MATCH_NUMBER_COUNT;

    while (is_among(taken, count, number))
        number = MATCH_NUMBER_LEAST + (number - MATCH_NUMBER_LEAST + 1) % MATCH_NUMBER_COUNT;
    return number;
}

static void
sort(int *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && numbers[j - 1] > numbers[j]; j--) {
            int larger = numbers[j - 1];

            numbers[j - 1] = numbers[j];
            numbers[j] = larger;
        }
    }
}

void
match_choices(int number, const unsigned char seed[static 8], int out[static MATCH_CHOICES])
{
    out[0] = number;
    for (size_t i = 1; i < MATCH_CHOICES; i++)
        out[i] = free_from(out, i, seed[2 * i] * 256 + seed[2 * i + 1]);
    sort(out, MATCH_CHOICES);
}
