/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/session/restored.h"
#include "idp/session/session.h"

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

/* --- In rounds: so much is done, said, and written down for the next --- */

struct revoking {
    unix_s before;
    struct restored_place place;
};

static const char *
place_write(struct call *call, const struct revoking *revoking)
{
    const struct restored_place *place = &revoking->place;

    return arena_printf(call->arena, "%lld %d %lld %lld %s", (long long)revoking->before,
                        place->grants, (long long)place->ended.sessions,
                        (long long)place->ended.grants, place->after);
}

static int64_t
number_next(struct arena *arena, const char **cursor)
{
    size_t size = 0;
    const char *word = text_next_word(cursor, &size);
    int64_t number = 0;

    if (word == NULL || text_to_int(arena_copy(arena, word, size), 0, INT64_MAX, &number) != OK)
        return 0;
    return number;
}

static void
place_read(struct call *call, struct revoking *out)
{
    const char *cursor = call->again;
    const char *after;
    size_t size = 0;

    out->before = number_next(call->arena, &cursor);
    out->place.grants = number_next(call->arena, &cursor) != 0;
    out->place.ended.sessions = number_next(call->arena, &cursor);
    out->place.ended.grants = number_next(call->arena, &cursor);
    after = text_next_word(&cursor, &size);
    if (after != NULL && size < sizeof(out->place.after))
        memcpy(out->place.after, after, size);
}

static enum err
revoke_step(struct call *call, struct revoking *revoking)
{
    const struct restored_count *ended = &revoking->place.ended;
    enum err err = restored_step(&call->shop.ctx, revoking->before, &revoking->place);

    if (err != OK)
        return call_fail(call, err,
                         "nothing from before %s is good any more, but not all was ended one by "
                         "one (%lld sessions and %lld grants were): run it again",
                         when_text(call->arena, revoking->before), (long long)ended->sessions,
                         (long long)ended->grants);
    say(call, "%lld sessions and %lld grants ended%s\n", (long long)ended->sessions,
        (long long)ended->grants, revoking->place.over ? "." : " so far …");
    if (!revoking->place.over)
        call->goes_on = place_write(call, revoking);
    return OK;
}

static enum err
revoke_begin(struct call *call, struct revoking *revoking)
{
    enum err err = restored_begin(&call->shop.ctx, revoking->before);

    if (err != OK)
        return err;
    say(call, "Nothing from before %s is good any more.\n",
        when_text(call->arena, revoking->before));
    return revoke_step(call, revoking);
}

enum err
command_session_revoke_all(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    struct revoking revoking = { .before = when_at(call->before, ctx->now) };

    if (call->again != NULL) {
        place_read(call, &revoking);
        return revoke_step(call, &revoking);
    }
    if (!call->before.given)
        return call_fail(call, ERR_INVALID,
                         "say --before TIME: what began before that ends; after a restore that is "
                         "the time of the restore, 0s for now");
    if (revoking.before > ctx->now)
        return call_fail(call, ERR_INVALID, "%s is still to come; nothing was changed",
                         when_text(call->arena, revoking.before));
    return call->plan ? plan(call, revoking.before) : revoke_begin(call, &revoking);
}

/* --- One session --- */

enum err
command_session_end(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    struct session session = { .live = true };
    enum err err = store_session_load(ctx->store, call->arena, call->session_id, &session.row);

    if (err == ERR_NOT_FOUND)
        return call_fail(call, ERR_INVALID, "there is no session %s", call->session_id);
    if (err == OK && session.row.ended_at != 0)
        return call_fail(call, ERR_INVALID, "session %s has ended already", call->session_id);
    if (err == OK)
        err = session_end(ctx, &session, "operator");
    if (err == OK)
        say(call, "Session %s has ended, with what it has lent; its partners are being told.\n",
            call->session_id);
    return err;
}
