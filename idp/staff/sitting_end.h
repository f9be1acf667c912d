/* SPDX-License-Identifier: Apache-2.0 */
/* How a sitting ends: the session with its grants, of which partners hear, and the seat. */
#ifndef IDP_STAFF_SITTING_END_H
#define IDP_STAFF_SITTING_END_H

#include "idp/context/ctx.h"

/* Reasons, of the audit trail. */
#define SITTING_ENDED_OUT "sign_out"
#define SITTING_ENDED_AGAIN "elsewhere"  /* she has signed in once more */
#define SITTING_ENDED_TAKEN "taken_over" /* somebody else has, at that counter */
#define SITTING_ENDED_IDLE "idle"
#define SITTING_ENDED_SHIFT "shift"
#define SITTING_ENDED_ENROLLED "enrolled" /* she has another factor */
#define SITTING_ENDED_STOPPED "stopped"
#define SITTING_ENDED_GONE "gone" /* the directory knows her no more */

/* OK too when it has ended already, or is none. */
must_check enum err sitting_end(struct ctx *ctx, const char *sid, const char *reason);

/* The one that she has. */
must_check enum err sitting_end_of(struct ctx *ctx, const char *staff_id, const char *reason);

/* One round of the job: those that nobody uses, and those whose shift is over. *more: there are others. */
must_check enum err sittings_sweep(struct ctx *ctx, bool *more);

#endif
