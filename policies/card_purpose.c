/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_purpose.h"

#include "idp/base/text.h"

/* clang-format off */
static const struct card_purpose_rule rules[] = {
    [CARD_PURPOSE_NONE] = { "", 0, '\0', false },
#define CARD_PURPOSE(symbol, letter, level, password) [CARD_PURPOSE_##symbol] = { #symbol, level, letter, password },
#include "policies/card_purpose.def"
#undef CARD_PURPOSE
};
/* clang-format on */

const struct card_purpose_rule *
card_purpose_rule(enum card_purpose purpose)
{
    return &rules[purpose > CARD_PURPOSE_NONE && purpose < CARD_PURPOSES ? purpose
                                                                         : CARD_PURPOSE_NONE];
}

enum card_purpose
card_purpose_named(const char *name)
{
    for (enum card_purpose i = CARD_PURPOSE_NONE + 1; i < CARD_PURPOSES; i++)
        if (text_eq(name, rules[i].name))
            return i;
    return CARD_PURPOSE_NONE;
}

enum card_purpose
card_purpose_of_letter(const char *letter)
{
    for (enum card_purpose i = CARD_PURPOSE_NONE + 1; i < CARD_PURPOSES; i++)
        if (letter[0] == rules[i].letter && letter[1] == '\0')
            return i;
    return CARD_PURPOSE_NONE;
}
