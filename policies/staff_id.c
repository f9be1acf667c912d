/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/staff_id.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "idp/base/text.h"

#define FULL_WIDTH_FIRST 0xFF01
#define FULL_WIDTH_LAST 0xFF5E
#define FULL_WIDTH_FROM_ASCII 0xFEE0
#define IDEOGRAPHIC_SPACE 0x3000
#define NO_BREAK_SPACE 0xA0

static uint32_t
plain(uint32_t c)
{
    if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
        c -= FULL_WIDTH_FROM_ASCII;
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool
is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == IDEOGRAPHIC_SPACE || c == NO_BREAK_SPACE;
}

static bool
is_alphanumeric(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_allowed(uint32_t c)
{
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-' || c == '@';
}

const char *
staff_id_canonical(struct arena *arena, const char *typed)
{
    char id[STAFF_ID_MAX + 1];
    bool over = false;
    size_t size = 0;
    uint32_t c;

    if (!text_is_utf8(typed, strlen(typed)))
        return NULL;
    while ((c = plain(text_next_char(&typed))) != 0) {
        if (is_blank(c)) {
            over = size > 0;
            continue;
        }
        if (over || size == STAFF_ID_MAX || !is_allowed(c))
            return NULL;
        id[size++] = (char)c;
    }
    return size > 0 && is_alphanumeric((unsigned char)id[0]) ? arena_copy(arena, id, size) : NULL;
}
