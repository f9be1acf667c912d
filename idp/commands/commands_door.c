/* SPDX-License-Identifier: Apache-2.0 */
/* A command done, in this process or in the one that serves (control.h). */
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/commands/commands.h"

/* Of an error that the command has no sentence of its own for. */
static const char *
sentence_of(enum err err)
{
    static const char *const sentences[] = {
        [ERR_NOT_FOUND] = "there is no such thing in the store",
        [ERR_CONFLICT] = "something else was changed at the same time; run it again",
        [ERR_INVALID] = "what was given does not have the form it must have",
        [ERR_EXPIRED] = "it comes too late",
        [ERR_FORGED] = "a seal does not hold: the key-encryption key does not belong to this store",
        [ERR_FULL] = "there are as many as there may be",
        [ERR_BUSY] = "it is being done by somebody else; try again later",
        [ERR_TOO_LARGE] = "it needs more memory than a command may have",
        [ERR_REFUSED] = "it was refused",
        [ERR_UNAVAILABLE] = "the store does not answer; the log says why",
        [ERR_UNKNOWN] = "the store was lost while it was being done: look whether it was",
        [ERR_INTERNAL] = "that must not happen; the log says more",
    };

    return sentences[err];
}

struct call_end
command_run(struct call *call, const struct command *command)
{
    enum err err = command->run(call);
    struct call_end end = { .said = buf_view(&call->said),
                            .goes_on = call->goes_on,
                            .progress = call->progress };

    if (err != OK) {
        end.goes_on = NULL;
        end.why = arena_printf(call->arena, "%s: %s", command->name,
                               call->why != NULL ? call->why : sentence_of(err));
        end.status = 1;
    }
    return end;
}

/* --- In the process that serves --- */

static struct call_end
end_wrongly(const char *why)
{
    return (struct call_end) { .why = why, .status = 2 };
}

static struct call_end
answer_run(struct call *call, const struct command *command, const struct control_call *asked)
{
    struct held held;
    struct call_end end;

    workshop_borrow(&call->shop, asked->ctx, asked->kek);
    workshop_operator(&call->shop, asked->uid);
    hold_begin(&held, workshop_close, &call->shop);
    end = command_run(call, command);
    hold_release(&held);
    return end;
}

void
call_answer(struct control_call *asked)
{
    struct arena *arena = asked->ctx->arena;
    struct call call = { .arena = arena,
                         .said = buf_new(arena, 4096),
                         .contents = asked->file,
                         .piece = asked->file,
                         .again = asked->again };
    const struct command *command = NULL;
    const char *why = command_line_read((int)asked->count, asked->words, &call, &command);
    struct call_end end;

    if (why != NULL)
        end = end_wrongly(why);
    else if (command == NULL || call.help || command->place != PLACE_ANY)
        end = end_wrongly("that is not for the service to do.");
    else
        end = answer_run(&call, command, asked);
    asked->said = end.said;
    asked->why = end.why;
    asked->goes_on = end.goes_on;
    asked->progress = end.progress;
    asked->status = end.status;
}
