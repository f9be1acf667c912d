/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/partner/apply.h"
#include "idp/partner/partner_secret.h"
#include "idp/partner/registry.h"
#include "idp/session/stop.h"
#include "idp/tables/partner.h"

#define REMOVED_LATELY_S 86400
#define OVERLAP_S (7 * 86400)
#define NAMES_MAX 2000

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

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
        say(call, "  %lld grants of removed partners ended.\n", (long long)ended);
    return err;
}

/* --- A file --- */

/* The ids of the report's lines "- id". */
static const char *
those_that_go(struct call *call)
{
    struct buf names = buf_new(call->arena, 256);
    const char *line = call->said.at;

    while (line != NULL && *line != '\0' && names.size < NAMES_MAX) {
        const char *end = strchrnul(line, '\n');

        if (text_starts(line, "- ")) {
            buf_text(&names, names.size > 0 ? ", " : "");
            buf_bytes(&names, line + 2, (size_t)(end - line - 2));
        }
        line = *end == '\n' ? end + 1 : end;
    }
    buf_text(&names, names.size >= NAMES_MAX ? ", …" : "");
    return names.at;
}

static enum err
apply_refused(struct call *call, const struct partner_order *order)
{
    const char *names = those_that_go(call);

    if (order->removed == 0)
        return call_fail(call, ERR_REFUSED,
                         "the file removes nobody, and --remove %lld says it does; nothing was "
                         "changed",
                         (long long)order->may_remove);
    return call_fail(call, ERR_REFUSED,
                     "the file would remove %lld partners: %s; say --remove %lld if that is meant; "
                     "nothing was changed",
                     (long long)order->removed, names, (long long)order->removed);
}

static void
removal_hint(struct call *call, const struct partner_order *order)
{
    if (order->removed > 0)
        say(call, "To do that, say --remove %lld.\n", (long long)order->removed);
}

enum err
command_partner_apply(struct call *call)
{
    struct partner_order order = { .plan = call->plan, .may_remove = call->remove };
    enum err err = partner_apply(&call->shop.ctx, call->contents, &order, &call->said);

    switch (err) {
    case ERR_INVALID:
        return call_fail(call, err, "%s is wrong where it is told above; nothing was changed",
                         call->file);
    case ERR_REFUSED:
        return apply_refused(call, &order);
    case ERR_CONFLICT:
        return call_fail(call, err,
                         "partners were changed by somebody else at the same time; nothing was "
                         "changed; run it again");
    default:
        break;
    }
    if (err == OK && call->plan)
        removal_hint(call, &order);
    return err == OK && !call->plan ? removed_clear(call) : err;
}

/* --- One --- */

static enum err
not_registered(struct call *call)
{
    return call_fail(call, ERR_NOT_FOUND, "no partner %s is registered; 'partner list' names all",
                     call->partner_id);
}

enum err
command_partner_remove(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    enum err err = partner_remove(ctx, call->partner_id);

    if (err == ERR_NOT_FOUND)
        return not_registered(call);
    if (err == OK)
        say(call,
            "%s is removed. Its secret is kept until %s: registered again by then, it has it "
            "still.\nThe partners file stays the truth: as long as that names %s, the next "
            "'partner apply' registers it again.\n",
            call->partner_id, when_text(call->arena, ctx->now + PARTNER_SECRET_KEPT_S),
            call->partner_id);
    return err == OK ? removed_clear(call) : err;
}

static void
rotation_tell(struct call *call, const struct partner_rotation *done)
{
    say(call, "client_secret of %s (told this once): %s\n", call->partner_id, done->secret);
    if (done->before_until > call->shop.ctx.now)
        say(call, "The one from before is good until %s.\n",
            when_text(call->arena, done->before_until));
    else if (done->before_until != 0)
        say(call, "The one from before is good for nothing any more.\n");
    if (done->dropped_until != 0)
        say(call, "The one before that, good until %s, has ended.\n",
            when_text(call->arena, done->dropped_until));
    say(call, "If the partners file names a client_secret for %s, take it out there.\n",
        call->partner_id);
}

enum err
command_partner_secret_rotate(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    int64_t overlap_s = call->overlap.given ? call->overlap.s : OVERLAP_S;
    struct partner_rotation done;
    enum err err;

    if (overlap_s > PARTNER_OVERLAP_MAX_S)
        return call_fail(call, ERR_INVALID, "--overlap is at most %dd; nothing was changed",
                         PARTNER_OVERLAP_MAX_S / 86400);
    err = partner_secret_rotate(ctx, call->partner_id, overlap_s, &done);
    if (err == ERR_NOT_FOUND)
        return not_registered(call);
    if (err == ERR_INVALID)
        return call_fail(call, err,
                         "%s has no secret to rotate: its token_endpoint_auth_method is \"%s\"",
                         call->partner_id, done.auth_method);
    if (err != OK)
        return err;
    rotation_tell(call, &done);
    return registry_load(ctx);
}
