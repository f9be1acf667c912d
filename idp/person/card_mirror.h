/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How old the mirror of physical cards is (docs/adr/0050). Nothing that rests on a physical card is
 * decided by one that is not fresh, and no partner is told that a card is good (docs/adr/0055).
 */
#ifndef IDP_PERSON_CARD_MIRROR_H
#define IDP_PERSON_CARD_MIRROR_H

#include "idp/base/problem.h"
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

#endif
