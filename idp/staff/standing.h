/* SPDX-License-Identifier: Apache-2.0 */
/* A security administrator, or whoever has a shell, stops a member of staff here whatever the directory says, and lets her
 * work again. */
#ifndef IDP_STAFF_STANDING_H
#define IDP_STAFF_STANDING_H

#include "idp/context/ctx.h"
#include "idp/tables/staff.h"

/* Her sitting ends with all that partners have of it, on every node. ERR_NOT_FOUND; ERR_CONFLICT: she is stopped already, and
 * what was left open has ended. */
must_check enum err staff_halt(struct ctx *ctx, const char *staff_id);

/* What the directory says of her counts again, and wrong tries under her name are forgotten: *forgotten of lines.
 * ERR_NOT_FOUND; ERR_CONFLICT: neither was the case. */
must_check enum err staff_restart(struct ctx *ctx, const char *staff_id, int64_t *forgotten);

/* "active"; static storage. */
const char *staff_state_name(enum staff_state state);

#endif
