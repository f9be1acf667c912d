/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/reason.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "idp/base/text.h"

#define PHONE_DIGITS 11
/* Of the old form; a ticket has fewer. */
#define IDENTITY_DIGITS 15

static bool
is_plain(const char *text)
{
    if (!text_is_utf8(text, strlen(text)))
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

/* '0' to '9', of a plain digit or of a full-width one, whose last byte `c` is; else NUL. */
static char
digit_at(const char *text, const char *c)
{
    unsigned char byte = (unsigned char)*c;

    if (isdigit(byte))
        return *c;
    if (c - text >= 2 && c[-2] == '\xef' && c[-1] == '\xbc' && byte >= 0x90 && byte <= 0x99)
        return (char)('0' + (byte - 0x90));
    return '\0';
}

/* All digits there are, whatever stands between them, as of a mobile or an identity number? */
static bool
holds_number(struct arena *arena, const char *text)
{
    char *digits = arena_alloc(arena, strlen(text) + 1);
    size_t count = 0;

    for (const char *c = text; *c != '\0'; c++)
        if (digit_at(text, c) != '\0')
            digits[count++] = digit_at(text, c);
    for (size_t i = 0; i + PHONE_DIGITS <= count; i++)
        if (digits[i] == '1' && digits[i + 1] >= '3')
            return true;
    return count >= IDENTITY_DIGITS;
}

static size_t
count_blanks(const char *text)
{
    size_t count = 0;

    for (const char *c = text; *c != '\0'; c++)
        count += *c == ' ';
    return count;
}

enum reason_fault
reason_judge(struct arena *arena, const char *reason, size_t most, const char *name)
{
    size_t characters;

    if (!is_plain(reason))
        return REASON_CHARACTERS;
    characters = text_count_chars(reason);
    if (characters > most || characters - count_blanks(reason) < REASON_MIN)
        return REASON_LENGTH;
    if (holds_number(arena, reason))
        return REASON_NUMBER;
    return !text_is_empty(name) && strstr(reason, name) != NULL ? REASON_NAME : REASON_GOOD;
}
