/* SPDX-License-Identifier: Apache-2.0 */
/* The one form in which a piece of work changes the store. */
#ifndef IDP_CONTEXT_CHANGE_H
#define IDP_CONTEXT_CHANGE_H

#include "idp/context/ctx.h"

/*
 * Runs work(ctx, state) as one transaction of ctx->store, its audit records included: commits when
 * it gives OK, else undoes everything and gives its error. After a serialization conflict it is run
 * again (store_change() of idp/store/store.h: how often, and what the errors mean). So work() must
 * be repeatable and touch nothing but the store, the arena and its state. What it has put into the
 * outbox is sent at once.
 */
must_check enum err change(struct ctx *ctx, enum err (*work)(struct ctx *ctx, void *state),
                           void *state);

#endif
