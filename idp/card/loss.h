/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card is lost, and found again. One change decides for all nodes: whoever reads the card behind it
 * sees it stopped, so codes die where they are scanned; what was born of the card ends in the same change.
 */
#ifndef IDP_CARD_LOSS_H
#define IDP_CARD_LOSS_H

#include "idp/base/problem.h"
#include "idp/person/card.h"

/* Where it was said. */
enum loss_place {
    LOSS_ON_PAGE,
    LOSS_BY_MESSAGE, /* the link of a text message */
    LOSS_IN_APP,
    LOSS_AT_TERMINAL,
    LOSS_AT_COUNTER,
    LOSS_BY_TELEPHONE,
    LOSS_BY_OPERATOR
};

/* What holds of a card at that time: a provisional loss that has lapsed is none. */
enum card_loss card_loss_at(const struct stored_ecard *row, unix_s now);

struct loss_report {
    const char *person_id;
    enum card_loss kind; /* CARD_LOSS_PROVISIONAL lapses by itself, CARD_LOSS_FORMAL is final */
    enum loss_place place;
};

/*
 * When this returns NULL the card is stopped everywhere. NULL also when it was reported before, as gravely
 * or more so: then nothing is changed, and a provisional loss does not last longer for being told twice. A
 * formal one takes the place of a provisional one, and stays. problem_ecard_none: she has no card. `out` is
 * the card as it is now.
 */
const struct problem *card_lose(struct ctx *ctx, const struct loss_report *report,
                                struct card *out);

/* The same, with `beside` in the same change where the card is stopped by it. */
const struct problem *card_lose_noted(struct ctx *ctx, const struct loss_report *report,
                                      enum err (*beside)(struct ctx *ctx, const char *person_id),
                                      struct card *out);

/*
 * The card is found, says whoever has proven to be she. NULL also when it was not lost.
 * problem_ecard_release_final: the loss is formal; problem_ecard_release_replaced: another physical card has
 * taken its place, or is about to; and those of card_mirror_fresh().
 */
const struct problem *card_release(struct ctx *ctx, const char *person_id, enum loss_place place,
                                   struct card *out);

#endif
