/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/scan_batch.h"

#include "idp/base/unwind.h"

#define LINE_BYTES ((size_t)1024 * 1024)

static void
scan_all(struct ctx *line, const struct partner *partner, const struct card_batch *batch,
         struct card_batch_results *out)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct card_scan_order order = { .code = batch->at[i].code,
                                               .partner = partner,
                                               .scanned_at = batch->at[i].scanned_at };
        struct card_scan scan;

        arena_reset(line->arena);
        out->at[i] =
            batch->at[i].repeats ? &problem_card_code_not_good : card_scan(line, &order, &scan);
    }
}

void
card_scan_batch(struct ctx *ctx, const struct partner *partner, const struct card_batch *batch,
                struct card_batch_results *out)
{
    struct ctx line = *ctx;
    struct held held;

    line.arena = arena_new(LINE_BYTES);
    hold_begin(&held, arena_release, line.arena);
    scan_all(&line, partner, batch, out);
    hold_release(&held);
}
