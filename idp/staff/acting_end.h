/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Acting for a citizen ends: its row, its grant, and its tokens on every node. It also ends by itself after ACTING_S, with the
 * sitting (whose id its grant has), with the citizen's account, and, when it was begun by a card, with a loss of that.
 */
#ifndef IDP_STAFF_ACTING_END_H
#define IDP_STAFF_ACTING_END_H

#include "idp/context/ctx.h"
#include "idp/tables/acting.h"

/* `reason`, for the audit trail: done, locked, or undone (the sitting ended while this began). OK also
 * when it had ended already. Not inside a transaction. */
must_check enum err acting_end(struct ctx *ctx, const char *acting_id, const char *reason);

/* All that goes on in that sitting: whoever locks a counter calls this once that is durable. */
must_check enum err acting_end_all(struct ctx *ctx, const char *sid, const char *reason);

#endif
