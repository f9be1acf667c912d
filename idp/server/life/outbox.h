/* SPDX-License-Identifier: Apache-2.0 */
/* Making the calls that stand in the outbox. */
#ifndef IDP_SERVER_LIFE_OUTBOX_H
#define IDP_SERVER_LIFE_OUTBOX_H

#include "idp/context/ctx.h"

/*
 * Takes at most one due delivery of each kind and makes its call. *worked: there was one, so ask
 * again at once. Several threads and nodes may do this side by side. What fails is tried again
 * after the pauses of its kind, then given up.
 */
must_check enum err outbox_deliver(struct ctx *ctx, bool *worked);

/* Takes over what nodes of the version before have put into a table of their own, page by page. */
must_check enum err outbox_drain(struct ctx *ctx);

#endif
