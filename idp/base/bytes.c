/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/bytes.h"

#include <stdbool.h>
#include <string.h>

static const char url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char standard_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct bytes
bytes_of(const void *at, size_t size)
{
    return (struct bytes) { .at = at, .size = size };
}

struct bytes
bytes_of_text(const char *text)
{
    return bytes_of(text, strlen(text));
}

bool
bytes_eq(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

static char *
encode(struct arena *arena, struct bytes in, const char *alphabet, bool padded)
{
    char *out = arena_alloc(arena, in.size / 3 * 4 + 5);
    size_t n = 0;

    for (size_t i = 0; i < in.size; i += 3) {
        size_t left = in.size - i;
        uint32_t group = (uint32_t)in.at[i] << 16;

        if (left > 1)
            group |= (uint32_t)in.at[i + 1] << 8;
        if (left > 2)
            group |= in.at[i + 2];
        out[n++] = alphabet[group >> 18];
        out[n++] = alphabet[(group >> 12) & 63];
        if (left > 1)
            out[n++] = alphabet[(group >> 6) & 63];
        if (left > 2)
            out[n++] = alphabet[group & 63];
    }
    while (padded && n % 4 != 0)
        out[n++] = '=';
    return out;
}

/* clang-format off */
/* One more than each is worth, so that 0 says it is none. */
static const uint8_t worth[256] = {
    ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
    ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
};
/* clang-format on */

/* -1 when it is none. */
static int
sextet(char c, bool url)
{
    if (worth[(uint8_t)c] != 0)
        return worth[(uint8_t)c] - 1;
    if (c == (url ? '-' : '+'))
        return 62;
    return c == (url ? '_' : '/') ? 63 : -1;
}

/* `size` counts no padding. */
static enum err
decode(struct arena *arena, const char *in, size_t size, bool url, struct bytes *out)
{
    uint8_t *bytes = arena_alloc(arena, size / 4 * 3 + 3);
    size_t n = 0;
    uint32_t group = 0;
    unsigned bits = 0;

    if (size % 4 == 1)
        return ERR_INVALID;
    for (size_t i = 0; i < size; i++) {
        int value = sextet(in[i], url);

        if (value < 0)
            return ERR_INVALID;
        group = group << 6 | (uint32_t)value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[n++] = (uint8_t)(group >> bits);
            group &= (1U << bits) - 1;
        }
    }
    if (group != 0)
        return ERR_INVALID;
    *out = bytes_of(bytes, n);
    return OK;
}

char *
base64url_encode(struct arena *arena, struct bytes in)
{
    return encode(arena, in, url_alphabet, false);
}

enum err
base64url_decode(struct arena *arena, const char *in, size_t size, struct bytes *out)
{
    return decode(arena, in, size, true, out);
}

char *
base64_encode(struct arena *arena, struct bytes in)
{
    return encode(arena, in, standard_alphabet, true);
}

enum err
base64_decode(struct arena *arena, const char *in, size_t size, struct bytes *out)
{
    size_t padding = 0;

    if (size % 4 != 0)
        return ERR_INVALID;
    while (padding < 2 && size > padding && in[size - 1 - padding] == '=')
        padding++;
    return decode(arena, in, size - padding, false, out);
}

char *
hex_encode(struct arena *arena, struct bytes in)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(arena, 2 * in.size + 1);

    for (size_t i = 0; i < in.size; i++) {
        out[2 * i] = digits[in.at[i] >> 4];
        out[2 * i + 1] = digits[in.at[i] & 15];
    }
    return out;
}

int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum err
hex_decode(struct arena *arena, const char *in, size_t size, struct bytes *out)
{
    uint8_t *bytes = arena_alloc(arena, size / 2);

    if (size % 2 != 0)
        return ERR_INVALID;
    for (size_t i = 0; i < size / 2; i++) {
        int high = hex_digit(in[2 * i]);
        int low = hex_digit(in[2 * i + 1]);

        if (high < 0 || low < 0)
            return ERR_INVALID;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    *out = bytes_of(bytes, size / 2);
    return OK;
}
