/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/partner.h"
#include "idp/commands/commands.h"
#include "idp/partner/apply.h"
#include "idp/partner/registry.h"
#include "idp/session/stop.h"

#define REMOVED_LATELY_S 86400

/* Also when a removal of the last day was interrupted before it came to this. */
static enum err
removed_clear(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    bool removed;
    int64_t ended = 0;
    enum err err = store_partner_any_removed(ctx->store, ctx->now - REMOVED_LATELY_S, &removed);

    if (err != OK || !removed)
        return err;
    err = registry_load(ctx);
    if (err == OK)
        err = removed_partners_stop(ctx, &ended);
    if (ended > 0)
        buf_text(&call->said,
                 arena_printf(call->arena, "  %lld grants of removed partners ended.\n",
                              (long long)ended));
    return err;
}

enum err
command_partner_apply(struct call *call)
{
    enum err err = partner_apply(&call->shop.ctx, call->contents, call->plan, &call->said);

    if (err == ERR_INVALID)
        return call_fail(call, err, "%s is wrong where it is told above; nothing was changed",
                         call->file);
    return err == OK && !call->plan ? removed_clear(call) : err;
}
