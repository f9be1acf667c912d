/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who at a counter did or saw what of a person: told to herself (docs/adr/0062). Beside it the audit trail has its own record;
 * that of a change is written by whoever makes it.
 */
#ifndef IDP_STAFF_STAFF_ACT_H
#define IDP_STAFF_STAFF_ACT_H

#include "idp/context/ctx.h"
#include "policies/staff_act.h"

/* Members that say nothing are left NULL. No personal data: ids of ours, and the reason as policies/reason.h allows it. */
struct staff_act {
    const char *person_id;
    enum staff_act_kind what;
    const char *partner_id;
    const char *business;
    const char *reason;
};

/*
 * In the caller's transaction, for the member of staff and the counter of ctx. ERR_CONFLICT: the form of ctx has noted this
 * already, so it was pressed twice and all of it is done.
 */
must_check enum err staff_act_note(struct ctx *ctx, const struct staff_act *act);

/* When the form of ctx noted that. ERR_NOT_FOUND: it did not. */
must_check enum err staff_act_noted_at(struct ctx *ctx, const struct staff_act *act, unix_s *out);

#endif
