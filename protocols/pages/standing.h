/* SPDX-License-Identifier: Apache-2.0 */
/* A person's identity level on a page: at what level, proven how and when. */
#ifndef PROTOCOLS_PAGES_STANDING_H
#define PROTOCOLS_PAGES_STANDING_H

#include "idp/person/evidence.h"
#include "protocols/pages/page.h"

/* Sets level, proof and proof_time (the date in Beijing). */
void page_standing(struct page *page, struct arena *arena, const struct standing *standing);

/* The level in words. */
enum word level_word(int level);

#endif
