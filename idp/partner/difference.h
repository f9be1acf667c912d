/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan says of a registration that changes. */
#ifndef IDP_PARTNER_DIFFERENCE_H
#define IDP_PARTNER_DIFFERENCE_H

#include "idp/base/buf.h"

/* Of two profiles, canonical: a line "  member: old → new" for each member that differs, "(none)"
 * where one of them has none. What is long is cut. */
void profile_difference_write(struct buf *out, const char *before, const char *after);

#endif
