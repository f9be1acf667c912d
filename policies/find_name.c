/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/find_name.h"

#include <string.h>

#include "policies/card_field.h"
#include "policies/typed.h"

#define REGION_DIGITS 6
#define CARD_NO_CHARACTERS 9

/* "A12345678", or that behind the region of whoever issued it: "440100 A12345678". */
static bool
card_read(struct arena *arena, const char *typed, struct find_name *out)
{
    char text[REGION_DIGITS + CARD_NO_CHARACTERS + 1];
    size_t region;

    if (!typed_ascii(typed, text, sizeof(text)))
        return false;
    for (char *c = text; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    region = strlen(text) > CARD_NO_CHARACTERS ? REGION_DIGITS : 0;
    if (!card_no_is_sound(text + region))
        return false;
    *out = (struct find_name) { .card_no = arena_text(arena, text + region),
                                .card_region = arena_copy(arena, text, region) };
    return region == 0 || card_region_is_sound(out->card_region);
}

const struct problem *
find_name_check(struct arena *arena, const char *typed, int32_t today, struct find_name *out)
{
    struct login_name name;

    if (strlen(typed) > FIND_NAME_MAX_BYTES)
        return &problem_find_name_invalid;
    if (card_read(arena, typed, out))
        return NULL;
    if (login_name_check(arena, typed, today, &name) != NULL)
        return &problem_find_name_invalid;
    *out = (struct find_name) { .phone = name.phone, .identity_number = name.identity_number };
    return NULL;
}
