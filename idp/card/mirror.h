/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mirror of physical cards: what the card bureau's feed tells is kept here, and how old that is
 * (docs/adr/0050). Nothing that rests on a physical card is decided by a mirror that is not fresh.
 */
#ifndef IDP_CARD_MIRROR_H
#define IDP_CARD_MIRROR_H

#include "idp/base/problem.h"
#include "idp/connect/card_feed.h"
#include "idp/context/ctx.h"
#include "idp/tables/feed.h"

/* What is older is no ground for a decision. */
#define MIRROR_FRESH_S 30

/*
 * NULL: it is, by our clock, and it was pulled since the time that an operator has said after a restore.
 * problem_card_not_offered: no card bureau is configured; problem_card_register_stale: it is not, or was
 * never pulled. Reads one row, by its key: also in a transaction that decides by it.
 */
const struct problem *card_mirror_fresh(struct ctx *ctx);

/* How far it has come: zero where nothing was ever pulled. */
must_check enum err card_mirror_read(struct ctx *ctx, struct stored_feed *out);

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
