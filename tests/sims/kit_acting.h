/* SPDX-License-Identifier: Apache-2.0 */
/* A business system at a counter: what a member of staff has begun for a citizen is exchanged for a token that names both. */
#ifndef TESTS_SIMS_KIT_ACTING_H
#define TESTS_SIMS_KIT_ACTING_H

#include <jansson.h>

#include "tests/sims/kit_partner.h"

/* `handle` came with the link from the staff page, `access_token` is hers. What userinfo tells by the token that comes of
 * them, as a line that a visit keeps; NULL: refused, or no answer. */
const char *acting_exchanged(struct arena *arena, const struct partner_site *partner,
                             const char *access_token, const char *handle);

/* Whom she acts for, for what and why; nothing without a line. */
void put_acting(struct site_page *page, const char *line);

#endif
