/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/text.h"

#include <string.h>

bool
text_eq(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_eq_ignoring_case(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool
text_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_ends(const char *text, const char *suffix)
{
    size_t size = strlen(text);
    size_t end = strlen(suffix);

    return size >= end && strcmp(text + size - end, suffix) == 0;
}

bool
text_is_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

/* Size of the well-formed sequence at `p`, or 0 (Unicode, table 3-7). */
static size_t
sequence_size(const unsigned char *p, size_t left)
{
    size_t size = p[0] < 0x80   ? 1
                  : p[0] < 0xc2 ? 0
                  : p[0] < 0xe0 ? 2
                  : p[0] < 0xf0 ? 3
                  : p[0] < 0xf5 ? 4
                                : 0;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;

    if (size == 0 || size > left || p[0] == 0)
        return 0;
    if (p[0] == 0xe0)
        low = 0xa0;
    else if (p[0] == 0xed)
        high = 0x9f;
    else if (p[0] == 0xf0)
        low = 0x90;
    else if (p[0] == 0xf4)
        high = 0x8f;
    for (size_t i = 1; i < size; i++) {
        if (p[i] < low || p[i] > high)
            return 0;
        low = 0x80;
        high = 0xbf;
    }
    return size;
}

bool
text_is_utf8(const char *text, size_t size)
{
    const unsigned char *p = (const unsigned char *)text;

    while (size > 0) {
        size_t step = sequence_size(p, size);

        if (step == 0)
            return false;
        p += step;
        size -= step;
    }
    return true;
}

uint32_t
text_next_char(const char **at)
{
    const unsigned char *p = (const unsigned char *)*at;
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t c = size == 1 ? p[0] : p[0] & (0x7fU >> size);

    if (p[0] == 0)
        return 0;
    for (size_t i = 1; i < size && p[i] != 0; i++)
        c = c << 6 | (p[i] & 0x3fU);
    *at += size;
    return c;
}

size_t
text_count_chars(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

size_t
text_put_char(char out[static 4], uint32_t c)
{
    static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (char)(lead[size == 1 ? 0 : size] | c);
    return size;
}

enum err
text_to_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
    bool negative = min < 0 && *text == '-';
    int64_t value = 0;

    text += negative;
    if (*text == '\0' || (text[0] == '0' && text[1] != '\0'))
        return ERR_INVALID;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || value > (INT64_MAX - 9) / 10)
            return ERR_INVALID;
        value = value * 10 + (*text - '0');
    }
    value = negative ? -value : value;
    if (value < min || value > max)
        return ERR_INVALID;
    *out = value;
    return OK;
}

const char *
text_next_word(const char **cursor, size_t *size)
{
    const char *word = *cursor;

    if (word == NULL)
        return NULL;
    word += strspn(word, " ");
    if (*word == '\0')
        return NULL;
    *size = strcspn(word, " ");
    *cursor = word + *size;
    return word;
}

bool
text_list_holds(const char *list, const char *word, size_t size)
{
    const char *found;
    size_t found_size;

    while ((found = text_next_word(&list, &found_size)) != NULL)
        if (found_size == size && strncmp(found, word, size) == 0)
            return true;
    return false;
}

bool
text_list_has(const char *list, const char *word)
{
    return text_list_holds(list, word, strlen(word));
}

size_t
text_list_count(const char *list)
{
    size_t count = 0;
    size_t size;

    while (text_next_word(&list, &size) != NULL)
        count++;
    return count;
}

const char *
text_list_union(struct arena *arena, const char *list, const char *more)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&more, &size)) != NULL) {
        const char *one = arena_copy(arena, word, size);

        if (!text_list_has(list, one))
            list = *list == '\0' ? one : arena_printf(arena, "%s %s", list, one);
    }
    return list;
}

char *
text_list_common(struct arena *arena, const char *list, const char *allowed)
{
    char *out = arena_alloc(arena, (list != NULL ? strlen(list) : 0) + 2);
    const char *word;
    size_t size;
    size_t n = 0;

    while ((word = text_next_word(&list, &size)) != NULL) {
        if (!text_list_holds(allowed, word, size) || text_list_holds(out, word, size))
            continue;
        if (n > 0)
            out[n++] = ' ';
        memcpy(out + n, word, size);
        n += size;
    }
    return out;
}

bool
text_list_within(const char *list, const char *allowed)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&list, &size)) != NULL)
        if (!text_list_holds(allowed, word, size))
            return false;
    return true;
}

char *
text_trimmed(struct arena *arena, const char *text)
{
    static const char blanks[] = " \t\r\n";
    size_t size;

    text += strspn(text, blanks);
    size = strlen(text);
    while (size > 0 && strchr(blanks, text[size - 1]) != NULL)
        size--;
    return arena_copy(arena, text, size);
}
