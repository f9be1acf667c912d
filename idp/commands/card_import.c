/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/card_import.h"

#include "idp/base/text.h"
#include "idp/card/mirror.h"
#include "idp/commands/commands.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

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

/* What the rounds before have counted. */
static struct import_count
count_read(const struct call *call)
{
    struct import_count count = { .line = call->from > 0 ? call->from : 1 };
    const char *cursor = call->again;

    if (cursor == NULL)
        return count;
    count.line = number_next(call->arena, &cursor);
    count.taken = number_next(call->arena, &cursor);
    count.rejected = number_next(call->arena, &cursor);
    return count;
}

/* False: it is none. Left out it is 0. */
static bool
position_read(const struct call *call, int64_t *out)
{
    return call->position == NULL || text_to_int(call->position, 1, INT64_MAX, out) == OK;
}

/* --- The end --- */

static enum err
feed_raise(struct call *call, const struct import_count *count)
{
    bool raised;
    int64_t position = 0;
    enum err err;

    if (!position_read(call, &position) || position == 0)
        return OK;
    if (count->rejected > 0) {
        say(call, "The feed stays where it is: what the rejected lines tell is not known yet.\n");
        return OK;
    }
    err = card_mirror_raise(&call->shop.ctx, position, &raised);
    if (err == OK && raised)
        say(call, "The feed goes on behind position %lld.\n", (long long)position);
    else if (err == OK)
        say(call, "The feed is behind position %lld already.\n", (long long)position);
    return err;
}

static enum err
import_end(struct call *call, const struct import_count *count)
{
    enum err err = import_note(&call->shop.ctx);

    if (err != OK)
        return err;
    say(call, "%lld lines were taken over, %lld were rejected%s\n", (long long)count->taken,
        (long long)count->rejected,
        count->rejected > 0 ? ": the file of errors says which, and why." : ".");
    return feed_raise(call, count);
}

/* --- A round --- */

/* What was said so far are the lines at fault of a round that will come again. */
static enum err
import_failed(struct call *call, enum err err)
{
    call->said = buf_new(call->arena, 1);
    return err;
}

enum err
command_card_import(struct call *call)
{
    struct import_count count = count_read(call);
    int64_t position;
    enum err err;

    if (!position_read(call, &position))
        return call_fail(call, ERR_INVALID, "--position %s is no position; nothing was changed",
                         call->position);
    if (call->piece.size == 0)
        return import_end(call, &count);
    err = import_lines_take(&call->shop.ctx, call->piece, &count, &call->said);
    if (err != OK)
        return import_failed(call, err);
    call->progress =
        arena_printf(call->arena, "up to line %lld: %lld taken over, %lld rejected",
                     (long long)count.line - 1, (long long)count.taken, (long long)count.rejected);
    call->goes_on = arena_printf(call->arena, "%lld %lld %lld", (long long)count.line,
                                 (long long)count.taken, (long long)count.rejected);
    return OK;
}
