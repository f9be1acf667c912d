/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff reports a citizen's card lost: at the counter, or for who calls. */
#ifndef IDP_STAFF_LOST_H
#define IDP_STAFF_LOST_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/tables/staff.h"

/*
 * For some days, as whoever reports her own (idp/card/loss.h); noted for her in the same change. NULL also when it was lost
 * already, and then nothing is noted. problem_ecard_none, and those of citizen_serve().
 */
const struct problem *staff_lose_card(struct ctx *ctx, const struct stored_staff *staff,
                                      const char *person_id);

#endif
