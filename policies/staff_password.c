/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/staff_password.h"

#include <stddef.h>

#include "idp/base/text.h"
#include "policies/staff_rules.h"

enum {
    CAPITAL = 1,
    SMALL = 2,
    DIGIT = 4,
    OTHER = 8
};

static unsigned
class_of(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return CAPITAL;
    if (c >= 'a' && c <= 'z')
        return SMALL;
    return c >= '0' && c <= '9' ? DIGIT : OTHER;
}

bool
staff_password_is_strong(const char *password)
{
    unsigned classes = 0;
    int characters = 0;
    int count = 0;
    uint32_t c;

    while ((c = text_next_char(&password)) != 0) {
        classes |= class_of(c);
        characters++;
    }
    for (; classes != 0; classes >>= 1)
        count += (int)(classes & 1);
    return characters >= STAFF_PASSWORD_MIN && count >= STAFF_PASSWORD_CLASSES;
}

/* Unicode's White_Space, and what nobody sees. */
static bool
is_blank(uint32_t c)
{
    return c <= ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200f) ||
           c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x2060 || c == 0x3000 ||
           c == 0xfeff;
}

bool
staff_password_is_blank(const char *password)
{
    uint32_t c;

    if (password == NULL)
        return true;
    while ((c = text_next_char(&password)) != 0)
        if (!is_blank(c))
            return false;
    return true;
}
