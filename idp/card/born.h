/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is born of a person's card: sessions that its chip, or a code of it, has begun (amr has one of the two methods of policies/card_state.h), and
 * the grants of such logins and scans. When the card is lost or closed they lose what it gave them: the
 * grants end with their tokens, the sessions fall to l1 and go on.
 */
#ifndef IDP_CARD_BORN_H
#define IDP_CARD_BORN_H

#include "idp/context/ctx.h"
#include "idp/tables/grant.h"

/* In the caller's change: the sessions, and a page of the grants, which is put into `page`. */
must_check enum err born_of_card_end(struct ctx *ctx, const char *person_id,
                                     struct grant_list *page);

/* Once that is durable: this node knows it at once, the others within a second; and what has come in the
 * meantime, or did not fit into the page, ends too. */
must_check enum err born_of_card_ended(struct ctx *ctx, const char *person_id,
                                       const struct grant_list *page);

#endif
