/* SPDX-License-Identifier: Apache-2.0 */
/* Telling partners that a session has ended (OpenID Connect Back-Channel Logout
 * 1.0), until they have heard. */
#ifndef IDP_SESSION_LOGOUT_H
#define IDP_SESSION_LOGOUT_H

#include "idp/tables/grant.h"
#include "idp/tables/session.h"
#include "idp/work/ctx.h"

/* In the caller's transaction: one delivery for each partner with a grant of the
 * session and an address to tell. */
must_check enum err logout_deliveries_add(struct ctx *ctx, const struct stored_session *session);

/*
 * One round of the background job: take at most one due delivery and make its call. *worked: there
 * was one, so ask again at once. Several threads and nodes may do this side by side. Tries after 5,
 * 30, 120, 600, 3600 s, then given up.
 */
must_check enum err logout_deliver_one(struct ctx *ctx, bool *worked);

#endif
