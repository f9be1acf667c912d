/* SPDX-License-Identifier: Apache-2.0 */
/* What a card code may be shown for: card_purpose.def. One that is scanned for another purpose is
 * refused. */
#ifndef POLICIES_CARD_PURPOSE_H
#define POLICIES_CARD_PURPOSE_H

#include <stdbool.h>

/* clang-format off */
enum card_purpose {
    CARD_PURPOSE_NONE,
#define CARD_PURPOSE(symbol, letter, level, password) CARD_PURPOSE_##symbol,
#include "policies/card_purpose.def"
#undef CARD_PURPOSE
    CARD_PURPOSES
};
/* clang-format on */

struct card_purpose_rule {
    const char *name;
    int level; /* of the card: enum ecard_own */
    char letter;
    bool password; /* the card password is asked before */
};

const struct card_purpose_rule *card_purpose_rule(enum card_purpose purpose)
    __attribute__((returns_nonnull));

/* CARD_PURPOSE_NONE for any other text. */
enum card_purpose card_purpose_named(const char *name);
enum card_purpose card_purpose_of_letter(const char *letter);

#endif
