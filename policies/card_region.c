/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_region.h"

#include <string.h>

#include "idp/base/text.h"

#define REGION_DIGITS 6

bool
card_regions_are_sound(const char *regions)
{
    const char *word;
    size_t size;

    while ((word = text_next_word(&regions, &size)) != NULL)
        if (size != REGION_DIGITS || strspn(word, "0123456789") < size ||
            strncmp(word, "00", 2) == 0)
            return false;
    return true;
}

/* A pair of digits less for each pair of noughts at its end. */
static size_t
digits_that_count(const char *region)
{
    size_t size = REGION_DIGITS;

    while (size > 2 && region[size - 1] == '0' && region[size - 2] == '0')
        size -= 2;
    return size;
}

bool
card_region_lies_in(const char *region, const char *regions)
{
    const char *word;
    size_t size;

    if (text_is_empty(regions))
        return true;
    while ((word = text_next_word(&regions, &size)) != NULL)
        if (strlen(region) == REGION_DIGITS && strncmp(region, word, digits_that_count(word)) == 0)
            return true;
    return false;
}
