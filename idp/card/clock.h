/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock of card codes (policies/code_clock.h) between process and store. The latest time is kept
 * in memory and, ahead of all nodes, in the store. An operator may begin anew when a clock went far
 * ahead and came back: then all codes that were issued until that moment are dead for good.
 */
#ifndef IDP_CARD_CLOCK_H
#define IDP_CARD_CLOCK_H

#include "idp/context/ctx.h"
#include "idp/tables/epoch.h"
#include "policies/code_clock.h"

/* By which something is issued or judged now. Outside a transaction: it may write a row, once in some
 * seconds, when no job does. */
must_check enum err card_clock_read(struct ctx *ctx, struct code_clock *out);

/* How often an operator has begun anew. It is part of what a code is sealed with. */
int64_t card_clock_epoch(const struct ctx *ctx);

/* Once a second, with what the store says: hears of other nodes, raises the stored time, and tells
 * the log and a metric when this machine's clock is behind. */
must_check enum err card_clock_watch(struct ctx *ctx, const struct epochs *epochs);

/* The latest time is what the clock says now, on every node within a second. */
must_check enum err card_clock_begin_anew(struct ctx *ctx);

#endif
