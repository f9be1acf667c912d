/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"
#include "idp/session/restored.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

static enum err
plan(struct call *call, unix_s before)
{
    struct restored_count count;
    enum err err = restored_count(&call->shop.ctx, before, &count);

    if (err == OK)
        say(call,
            "Of what began before %s, %lld sessions and %lld grants would end, and every token, "
            "code and login under way from before that.\n",
            when_text(call->arena, before), (long long)count.sessions, (long long)count.grants);
    return err;
}

enum err
command_session_revoke_all(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    unix_s before = when_at(call->before, ctx->now);
    struct restored_count count;
    enum err err;

    if (!call->before.given)
        return call_fail(call, ERR_INVALID,
                         "say --before TIME: what began before that ends; after a restore, the "
                         "time of the restore, \"0s\" for now");
    if (before > ctx->now)
        return call_fail(call, ERR_INVALID, "%s is still to come; nothing was changed",
                         when_text(call->arena, before));
    if (call->plan)
        return plan(call, before);
    err = restored_revoke(ctx, before, &count);
    if (err == OK)
        say(call,
            "Nothing from before %s is good any more. %lld sessions and %lld grants ended.\n",
            when_text(call->arena, before), (long long)count.sessions, (long long)count.grants);
    else
        call_fail(call, err,
                  "nothing from before %s is good any more if the store took that; but not all "
                  "was ended one by one (%lld sessions and %lld grants were): run it again",
                  when_text(call->arena, before), (long long)count.sessions,
                  (long long)count.grants);
    return err;
}
