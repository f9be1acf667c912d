/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/partner.h"
#include "idp/base/file.h"
#include "idp/commands/commands.h"
#include "idp/partner/apply.h"
#include "idp/partner/registry.h"
#include "idp/session/stop.h"

#define PARTNERS_FILE_LIMIT ((size_t)4 << 20)
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
    struct bytes file;
    enum err err = file_read(call->arena, call->file, PARTNERS_FILE_LIMIT, &file);

    if (err == OK)
        err = partner_apply(&call->shop.ctx, file, call->plan, &call->said);
    return err == OK && !call->plan ? removed_clear(call) : err;
}
