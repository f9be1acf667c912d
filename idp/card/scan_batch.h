/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal scanned off line, handed in later (docs/adr/0052): each line by itself. */
#ifndef IDP_CARD_SCAN_BATCH_H
#define IDP_CARD_SCAN_BATCH_H

#include "idp/card/scan.h"
#include "policies/card_batch.h"

struct card_batch_results {
    const struct problem *at[CARD_BATCH_MAX]; /* NULL: accepted, now or when it was sent before */
};

/* In their order, each in a change of its own; whatever one comes to, the next has its turn. The same
 * batch once more gives the same. The terminal is that of ctx. */
void card_scan_batch(struct ctx *ctx, const struct partner *partner, const struct card_batch *batch,
                     struct card_batch_results *out);

#endif
