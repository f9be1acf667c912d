/* SPDX-License-Identifier: Apache-2.0 */
/* Telling partners that a session has ended: by a delivery (OpenID Connect Back-Channel Logout 1.0;
 * idp/server/life/outbox.h), and by a frame in the browser that logs out (Front-Channel Logout 1.0). */
#ifndef IDP_SESSION_LOGOUT_H
#define IDP_SESSION_LOGOUT_H

#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/outbox.h"
#include "idp/tables/session.h"

/* In the caller's transaction, with outbox_wake() behind it: one delivery for each partner with a
 * grant of the session and an address to tell. */
must_check enum err logout_deliveries_add(struct ctx *ctx, const struct stored_session *session);

/* Those that will be told when a session that goes on now is ended, by either channel, the first by
 * id, and how many more there are. */
#define LOGOUT_TOLD_MAX 20
struct logout_told {
    const struct partner *at[LOGOUT_TOLD_MAX];
    size_t count;
    size_t more;
};
must_check enum err logout_told(struct ctx *ctx, const char *sid, struct logout_told *out);

/* The address of the partner's that the browser shall open, with issuer and session; NULL: it wants
 * none. */
const char *logout_frame_url(struct ctx *ctx, const struct partner *partner, const char *sid);

#define OUTBOX_LOGOUT "logout" /* their kind */

/*
 * Makes the call of one; *status is that of the answer, untouched when none came. ERR_NOT_FOUND:
 * there is nobody to tell any more. ERR_REFUSED: the partner answered no, by a status that is
 * neither success nor "later"; this and any other error: it shall be tried again.
 */
must_check enum err logout_tell(struct ctx *ctx, const struct stored_delivery *delivery,
                                int *status);

#endif
