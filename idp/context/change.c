/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/change.h"

#include "idp/context/outbox.h"

struct change {
    struct ctx *ctx;
    enum err (*work)(struct ctx *ctx, void *state);
    void *state;
};

static enum err
change_run(struct store *st, void *state)
{
    struct change *of = state;

    (void)st;
    return of->work(of->ctx, of->state);
}

enum err
change(struct ctx *ctx, enum err (*work)(struct ctx *ctx, void *state), void *state)
{
    enum err err = store_change(ctx->store, change_run, &(struct change) { ctx, work, state });

    if (err == OK)
        outbox_wake(ctx);
    return err;
}
