/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card is reported lost by who holds the telephone of its holder, without logging in: a link by text message, good for
 * ten minutes (docs/adr/0053). Whether a number has a card is told to nobody but who reads its messages.
 */
#ifndef IDP_CARD_LOST_LINK_H
#define IDP_CARD_LOST_LINK_H

#include "idp/base/problem.h"
#include "idp/person/card.h"

#define LOST_LINK_LIFE_S 600

/* Messages with such links can be sent, and cards are offered. */
bool lost_link_is_offered(const struct ctx *ctx);

/*
 * A link to that number (E.164), if its holder has a card: in the same time and with the same answer if not. It counts
 * among the codes sent to the number; problems of code_limits.h. The same form (flow_form_digest) with the same number
 * sends one. problem_ecard_link_closed.
 */
const struct problem *lost_link_send(struct ctx *ctx, const char *phone, const struct digest *form);

/* *used: the card was reported lost by it. problem_ecard_link_over. */
const struct problem *lost_link_look(struct ctx *ctx, const char *link, bool *used);

/* The card is lost, provisionally. Pressed twice it is the same. problem_ecard_link_over. */
const struct problem *lost_link_use(struct ctx *ctx, const char *link);

#endif
