/* SPDX-License-Identifier: Apache-2.0 */
/* The fields that name a physical social-security card, as a reader, the card bureau's feed and an
 * import file write them. Machines write them in their one form: nothing is tolerated. Pure. */
#ifndef POLICIES_CARD_FIELD_H
#define POLICIES_CARD_FIELD_H

#include <stdbool.h>
#include <stdint.h>

/* Of the agency that issued the card: six digits. */
bool card_region_is_sound(const char *text);

/* Nine characters: one or two capitals, then digits. */
bool card_no_is_sound(const char *text);

/* The canonical form of a number that somebody can have; `today` is yyyymmdd in Beijing. */
bool card_identity_is_sound(const char *text, int32_t today);

/* "yyyymmdd", a day that there is; else false, and *out is not to be used. */
bool card_date_read(const char *text, int32_t *out);

#endif
