/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one telephone of app channels on which a person's card is opened (docs/adr/0051). Opened on another,
 * the one before shows nothing any more, and codes that it has shown are dead. A browser has none:
 * there a code hangs on the session alone.
 */
#ifndef IDP_CARD_LINK_H
#define IDP_CARD_LINK_H

#include "idp/base/problem.h"
#include "idp/card/code.h"
#include "idp/tables/card_link.h"
#include "idp/tables/session.h"

/* She has proven herself within this time, and on a telephone that is new to the card by a message to
 * her number. */
#define CARD_LINK_FRESH_S 600

struct card_linking {
    const struct stored_session *session; /* of the app; live */
    const char *bound_key; /* of the telephone, which has just proven it; "": of none */
};

/* From now on the card is opened there; she is told when it was on another telephone before. Again by
 * the same telephone changes nothing but the session. */
const struct problem *card_link(struct ctx *ctx, const struct card_linking *linking);

/* May this telephone show it, now? `card_id` is that of her own card: one that was issued anew is opened
 * anew. */
const struct problem *card_link_check(struct ctx *ctx, const struct card_linking *linking,
                                      const char *card_id);

/*
 * In the transaction that accepts a code of hers who shows it: a code of her telephone is good while
 * the card is opened in that session. ERR_REFUSED: it is not any more.
 */
must_check enum err card_link_hold(struct ctx *ctx, const char *shower_id,
                                   const struct card_code *code);

/* It is opened on no telephone of the channel, and what partners of that channel may have of the card
 * ends there: their grants with the scope card, and nothing else. She is told. OK also when there was nothing. `reason`
 * is the audit record's. */
must_check enum err card_unlink(struct ctx *ctx, const char *person_id, const char *channel,
                                const char *reason);

/* Has she proven herself a moment ago, so that she may undo it? */
bool card_link_is_fresh(const struct ctx *ctx, const struct stored_session *session);

#endif
