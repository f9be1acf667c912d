/* SPDX-License-Identifier: Apache-2.0 */
/* What the card bureau is told of losses that were reported to us, and of releases: by the outbox, again
 * and again until it has taken it. The loss holds here whether or not it has heard. */
#ifndef IDP_CARD_LOSS_MESSAGE_H
#define IDP_CARD_LOSS_MESSAGE_H

#include "idp/context/ctx.h"
#include "idp/tables/ecard.h"
#include "idp/tables/outbox.h"

#define OUTBOX_CARD_LOSS "card_loss" /* kind of delivery (idp/server/life/outbox.h) */

/* In the transaction that changed it: the bureau is told what `loss` the card has now. Where no bureau is
 * configured nothing is put. */
must_check enum err loss_message_put(struct ctx *ctx, const struct stored_ecard *card);

/*
 * Makes the call. ERR_NOT_FOUND: there is nothing to tell any more: the card has another loss since, or
 * the mirror does not have its physical card. ERR_REFUSED: the bureau does not take it.
 */
must_check enum err loss_message_tell(struct ctx *ctx, const struct stored_delivery *delivery,
                                      int *status);

#endif
