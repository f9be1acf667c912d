/* SPDX-License-Identifier: Apache-2.0 */
/* `tongxing partner apply FILE`: the partners file and the store made equal. */
#ifndef IDP_PARTNER_APPLY_H
#define IDP_PARTNER_APPLY_H

#include "idp/base/buf.h"
#include "idp/context/ctx.h"

/*
 * `json` is {"partners":[…]}, each element a registration (policies/partner_profile.h) that may
 * also hold "client_secret". Partners that are not in the file are removed: their row keeps id and
 * times, so that one which comes back later under the same id inherits nothing (ADR 0013). A
 * confidential partner without a secret, in the file or before, gets a new one, told once in
 * `report`.
 *
 * With `plan` nothing is changed. `report` gets a line a difference: "+ id", "~ id: members…", "-
 * id", "= nothing to do"; under the first two, indented, what the operator should
 * know of that partner. ERR_INVALID: the file is wrong as a whole or in part; `report` says
 * where, and nothing is changed.
 */
must_check enum err partner_apply(struct ctx *ctx, struct bytes json, bool plan,
                                  struct buf *report);

#endif
