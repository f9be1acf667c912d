/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/directory_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"

#define SPECIAL "\"+,;<>\\#="
#define OF_A_TYPE "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."

struct name_reading {
    const char *at;
    struct buf out;
};

static char
small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static void
blanks_skip(struct name_reading *reading)
{
    reading->at += strspn(reading->at, " ");
}

static int
hex_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, small(c)) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

static bool
type_read(struct name_reading *reading)
{
    size_t size;

    blanks_skip(reading);
    size = strspn(reading->at, OF_A_TYPE);
    for (size_t i = 0; i < size; i++)
        buf_char(&reading->out, small(reading->at[i]));
    reading->at += size;
    blanks_skip(reading);
    if (size == 0 || *reading->at != '=')
        return false;
    reading->at++;
    buf_char(&reading->out, '=');
    blanks_skip(reading);
    return true;
}

/* Behind a backslash: a sign for itself, or a byte in two digits. */
static bool
escaped_read(struct name_reading *reading, char *out)
{
    int high = hex_of(reading->at[0]);
    int low = high >= 0 ? hex_of(reading->at[1]) : -1;

    if (low >= 0) {
        *out = (char)(high * 16 + low);
        reading->at += 2;
        return *out != '\0';
    }
    *out = *reading->at;
    if (*out == '\0' || strchr(SPECIAL " ", *out) == NULL)
        return false;
    reading->at++;
    return true;
}

static void
char_put(struct buf *out, char c)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t byte = (uint8_t)c;

    if (byte >= 0x20 && byte != 0x7f && strchr(SPECIAL, c) == NULL) {
        buf_char(out, small(c));
        return;
    }
    buf_char(out, '\\');
    buf_char(out, digits[byte >> 4]);
    buf_char(out, digits[byte & 15]);
}

/* Up to the sign that ends it. Blanks at its end, and more than one within, mean nothing (RFC 4518). */
static bool
value_read(struct name_reading *reading)
{
    bool blank = false;
    bool any = false;

    while (*reading->at != '\0' && *reading->at != ',' && *reading->at != '+') {
        char c = *reading->at++;

        if (c == '\\' ? !escaped_read(reading, &c) : strchr("\";<>", c) != NULL)
            return false;
        if (c == ' ') {
            blank = any;
            continue;
        }
        if (blank)
            buf_char(&reading->out, ' ');
        char_put(&reading->out, c);
        blank = false;
        any = true;
    }
    return any;
}

const char *
directory_name_canonical(struct arena *arena, const char *name)
{
    struct name_reading reading = { name, buf_new(arena, DIRECTORY_NAME_MAX) };

    if (strlen(name) > DIRECTORY_NAME_MAX)
        return NULL;
    for (;;) {
        if (!type_read(&reading) || !value_read(&reading))
            return NULL;
        if (*reading.at == '\0')
            break;
        buf_char(&reading.out, *reading.at++);
    }
    return text_is_utf8(reading.out.at, reading.out.size) ? reading.out.at : NULL;
}
