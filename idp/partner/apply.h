/* SPDX-License-Identifier: Apache-2.0 */
/* `tongxing partner apply FILE`: the partners file and the store made equal. */
#ifndef IDP_PARTNER_APPLY_H
#define IDP_PARTNER_APPLY_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "idp/context/ctx.h"

struct partner_order {
    bool plan;          /* change nothing */
    int64_t may_remove; /* exactly so many partners are to go */
    int64_t removed;    /* answered: so many go */
};

/*
 * `json` is {"partners":[…]}, each element a registration (policies/partner_profile.h) that may
 * also hold "client_secret". Partners that are not in the file are removed: their row keeps id and
 * times, so that one which comes back later under the same id inherits nothing (ADR 0013) but its
 * secret, for PARTNER_SECRET_KEPT_S. A confidential partner without a secret, in the file or
 * before, gets a new one, told once in `report`. Once a secret was rotated by command, none of
 * the file is taken.
 *
 * `report` gets a line a difference: "+ id", "~ id" and under it "  member: old → new" for each
 * member, "- id", "= nothing to do"; under the first two, indented, what the operator should
 * know of that partner. ERR_INVALID: the file is wrong as a whole or in part; `report` says
 * where, and nothing is changed. ERR_REFUSED: another number of partners would go than may;
 * nothing is changed. ERR_CONFLICT: partners were changed by somebody else at this moment.
 */
must_check enum err partner_apply(struct ctx *ctx, struct bytes json, struct partner_order *order,
                                  struct buf *report);

/* That one alone, as if the file did not name it. ERR_NOT_FOUND: none is registered. */
must_check enum err partner_remove(struct ctx *ctx, const char *partner_id);

#endif
