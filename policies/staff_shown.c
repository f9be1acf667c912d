/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/staff_shown.h"

#include <string.h>

#include "idp/base/text.h"

#define ID_SHOWN 2
#define ID_SHORTEST 5

/* Bytes of the first character of UTF-8. */
static size_t
first_size(const char *text)
{
    size_t size = *text != '\0';

    while (size != 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
        size++;
    return size;
}

/* From its last two characters on; "" of a short one. */
static const char *
id_end(const char *staff_id)
{
    const char *at = staff_id + strlen(staff_id);

    if (text_count_chars(staff_id) < ID_SHORTEST)
        return "";
    for (int i = 0; i < ID_SHOWN; i++) {
        at--;
        while (((unsigned char)*at & 0xc0) == 0x80)
            at--;
    }
    return at;
}

const char *
staff_shown(struct arena *arena, const char *name, const char *staff_id)
{
    return arena_printf(arena, "%s** (***%s)", arena_copy(arena, name, first_size(name)),
                        id_end(staff_id));
}
