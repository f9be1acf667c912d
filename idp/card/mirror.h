/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mirror of physical cards is fed: what the card bureau tells is kept (docs/adr/0050). How old that
 * is, says idp/person/card_mirror.h.
 */
#ifndef IDP_CARD_MIRROR_H
#define IDP_CARD_MIRROR_H

#include "idp/connect/card_feed.h"
#include "idp/person/card_mirror.h"

/* What a pull has come to. */
struct mirror_pull {
    int64_t changes; /* taken over */
    bool more;       /* there is more to fetch at once */
    unix_s as_of;    /* from now on */
};

/* Asks the bureau for what comes next, outside of any transaction, and takes it over. The errors are
 * those of card_feed_pull() and of the next. */
must_check enum err card_mirror_pull(struct ctx *ctx, struct mirror_pull *out);

/* A page takes its place in one change, with the position behind it: all of it or nothing. What was born of
 * a card that is in order no more ends in the same change (born.h). ERR_CONFLICT:
 * the mirror does not stand where the page begins, for another node has moved it. */
must_check enum err card_mirror_apply(struct ctx *ctx, const struct stored_feed *from,
                                      const struct card_feed_page *page);

/*
 * The same without a position, in one change: of an import, at most CARD_FEED_PAGE of them. A card of which
 * something later is known stays as it is.
 */
must_check enum err card_mirror_take(struct ctx *ctx, const struct card_change *changes,
                                     size_t count);

/* All up to that position is known, an operator says: the feed goes on behind it. *raised: it stood before
 * it. */
must_check enum err card_mirror_raise(struct ctx *ctx, int64_t position, bool *raised);

#endif
