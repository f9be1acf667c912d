/* SPDX-License-Identifier: Apache-2.0 */
/* Regions of social-security cards: division codes of six digits (GB/T 2260), where 330000 stands for
 * all of a province and 330500 for all of a city. Pure. */
#ifndef POLICIES_CARD_REGION_H
#define POLICIES_CARD_REGION_H

#include <stdbool.h>

/* Six digits each, none that begins with 00, separated by blanks. An empty list is. */
bool card_regions_are_sound(const char *regions);

/* Does the region lie in one of them? In an empty list every region does. */
bool card_region_lies_in(const char *region, const char *regions);

#endif
