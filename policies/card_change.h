/* SPDX-License-Identifier: Apache-2.0 */
/* One change of a physical card, as the card bureau's feed and an import file tell it. Pure. */
#ifndef POLICIES_CARD_CHANGE_H
#define POLICIES_CARD_CHANGE_H

#include <stdint.h>

#include "idp/base/env.h"

/* As it was told. A text that is missing is "". */
struct card_change_told {
    int64_t position; /* in the bureau's order: from 1, each greater than the one before */
    const char *region;
    const char *card_no;
    const char *identity_number;
    const char *state;      /* "0" "1" "2" "7" "8" "9" or "L" */
    const char *valid_from; /* yyyymmdd; so the next, which is its last day */
    const char *valid_to;
    unix_s lapses_at; /* when a provisional loss ends by itself; 0: not told */
};

/* As it is taken; the texts are those that were told. */
struct card_change {
    int64_t position;
    const char *region;
    const char *card_no;
    const char *identity_number;
    int32_t valid_from;
    int32_t valid_to;
    int64_t state; /* enum physical_state */
    unix_s lapses_at;
};

/* NULL, or which of its members is at fault, as a word ("position", "region", …); then `out` is not
 * to be used. `today` is yyyymmdd in Beijing. */
const char *card_change_read(const struct card_change_told *told, int32_t today,
                             struct card_change *out);

#endif
