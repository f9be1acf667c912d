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

/* A page takes its place in one change, with the position behind it: all of it or nothing. ERR_CONFLICT:
 * the mirror does not stand where the page begins, for another node has moved it. */
must_check enum err card_mirror_apply(struct ctx *ctx, const struct stored_feed *from,
                                      const struct card_feed_page *page);

#endif
