/* SPDX-License-Identifier: Apache-2.0 */
/* Pulling the card bureau's feed, of the node that does it for all: how often, and who is told when it
 * does not come. */
#ifndef IDP_SERVER_LIFE_CARD_FEED_H
#define IDP_SERVER_LIFE_CARD_FEED_H

#include <stdbool.h>

#include "idp/context/ctx.h"

#define CARD_FEED_EVERY_S 2
/* The pause behind failures doubles up to this: a bureau that is back is seen soon. */
#define CARD_FEED_PAUSE_MOST_S 10

/* What the job remembers from round to round. Zero at the beginning. */
struct card_pulls {
    unix_s since;     /* the first round; 0: none yet */
    int64_t failures; /* in a row */
    unix_s next_at;   /* not before */
    bool stale;       /* the log has been told */
};

/* One pull, if it is time for one. *again: there is more to fetch at once. What fails is counted and
 * logged here, and tried again; an error is the store's. */
must_check enum err card_feed_round(struct ctx *ctx, struct card_pulls *pulls, bool *again);

#endif
