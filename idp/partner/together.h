/* SPDX-License-Identifier: Apache-2.0 */
/* What the partners of one file are to each other (docs/adr/0031). */
#ifndef IDP_PARTNER_TOGETHER_H
#define IDP_PARTNER_TOGETHER_H

#include "idp/partner/partners_file.h"

/*
 * The next partner of the file, from *at on (0 at first), that has a redirect URI of this one, and
 * which; NULL behind the last.
 */
const struct partner_profile *partners_next_sharer(const struct partners_file *file,
                                                   const struct partner_profile *profile,
                                                   size_t *at, const char **address);

/*
 * NULL, or which wish of the partner no other of the file fulfils: a sentence (docs/adr/0047).
 */
const char *partners_wish_unmet(struct arena *arena, const struct partners_file *file,
                                const struct partner_profile *profile);

/*
 * NULL, or why `one` cannot be registered beside `other`: a sentence that names the other. Ask in
 * both directions.
 */
const char *partners_clash(struct arena *arena, const struct partner_profile *one,
                           const struct partner_profile *other);

#endif
