/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A step that takes time: a hash, a bank, a message. It runs on a thread of its lane, without a
 * store and without holding a worker; what comes before and after it are parts of their own
 * (docs/adr/0014).
 *
 * A module that asks has three functions over one struct: `begin` (reads and counts), the ask, and
 * `end` (changes and tells). Where the lane has no place, `end` is called without the ask having
 * run, and gives back what `begin` has counted: so `begin` sets the outcome to "not asked".
 */
#ifndef IDP_CONTEXT_ASK_H
#define IDP_CONTEXT_ASK_H

#include "idp/context/ctx.h"

enum ask_lane {
    LANE_HASH,
    LANE_BANK,
    LANE_SMS,
    LANE_CARD,
    LANE_WECHAT,
    LANE_DIRECTORY,
    LANE_COUNT
};

struct ask {
    enum ask_lane lane;
    void (*run)(struct ctx *ctx, void *state); /* ctx->store is NULL */
};

#endif
