/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/clock.h"
#include "idp/commands/commands.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

enum err
command_card_clock(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    struct code_clock clock;
    enum err err = card_clock_read(ctx, &clock);

    if (err != OK)
        return err;
    say(call, "The clock says %s, and the latest time at which card codes were judged is %s.\n",
        time_rfc3339(call->arena, clock.wall), time_rfc3339(call->arena, clock.high));
    if (call->plan) {
        say(call, "All card codes that were shown until now would be dead, and new ones good at "
                  "once, on every node.\n");
        return OK;
    }
    err = card_clock_begin_anew(ctx);
    if (err == OK)
        say(call, "All card codes that were shown until now are dead; new ones are good at once, "
                  "on every node within a second.\n");
    return err;
}
