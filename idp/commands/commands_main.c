/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of the program: read, opened, run, closed; and all of it again for each round of what
 * goes on, so that it holds nothing while it rests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "idp/base/file.h"
#include "idp/base/unwind.h"
#include "idp/commands/commands.h"
#include "idp/commands/pieces.h"

#define CALL_ARENA_LIMIT (16U << 20)

struct running {
    int argc;
    char **argv;
    int status;
    char *again;  /* as in struct call; of the heap */
    bool follows; /* what is new, and rests when there is nothing */
    bool by_door; /* a service has done a round: the others are for it too */
    struct pieces pieces;
};

#define REST_S 1

static struct call_end
failed(const char *why)
{
    return (struct call_end) { .why = why, .status = 1 };
}

/* The files that the words name: the service may not be able to read them. */
static const char *
file_take(struct running *running, struct call *call, const struct command_word *word)
{
    const char *path = *(const char **)((char *)call + word->at);

    if (word->contents == offsetof(struct call, piece))
        return pieces_read(&running->pieces, call);
    if (file_read(call->arena, path, CONTROL_FILE_MAX,
                  (struct bytes *)((char *)call + word->contents)) != OK)
        return arena_printf(call->arena, "%s cannot be read; the log says why", path);
    return NULL;
}

static const char *
files_read(struct running *running, struct call *call, const struct command *command)
{
    for (const struct command_word *word = command->words; word->name != NULL; word++) {
        const char *why = word->contents != 0 ? file_take(running, call, word) : NULL;

        if (why != NULL)
            return arena_printf(call->arena, "%s: %s", command->name, why);
    }
    return NULL;
}

static struct call_end
command_do(struct running *running, struct call *call, const struct command *command)
{
    enum need need = command->need;
    const char *why = files_read(running, call, command);
    struct call_end end;

    if (why == NULL && need >= NEED_SETTINGS)
        why = workshop_open(call->arena, call->config, NEED_SETTINGS, &call->shop);
    if (why == NULL && command->place == PLACE_ANY &&
        call_ask(call, running->argc, running->argv, &end)) {
        running->by_door = true;
        return end;
    }
    if (why == NULL && running->by_door)
        why = "the service has ended meanwhile";
    if (why == NULL)
        why = workshop_open(call->arena, call->config, need, &call->shop);
    return why != NULL ? failed(why) : command_run(call, command);
}

static struct call_end
called_wrongly(struct call *call, const char *why)
{
    if (why[0] != '\0')
        return (struct call_end) { .why = why, .status = 2 };
    command_help_write(&call->said, "");
    fputs(call->said.at, stderr);
    return (struct call_end) { .status = 2 };
}

static struct call_end
line_run(struct running *running, struct call *call)
{
    const struct command *command = NULL;
    const char *why = command_line_read(running->argc - 1, running->argv + 1, call, &command);

    if (why != NULL)
        return called_wrongly(call, why);
    running->follows = call->follow;
    if (!call->help)
        return command_do(running, call, command);
    command_help_write(&call->said, command != NULL ? command->name : "");
    return (struct call_end) { .said = buf_view(&call->said) };
}

static void
again_keep(struct running *running, const char *goes_on)
{
    free(running->again);
    running->again = NULL;
    if (goes_on == NULL)
        return;
    running->again = strdup(goes_on);
    if (running->again == NULL)
        unwind(ERR_UNAVAILABLE);
}

/* What goes on in pieces tells of its lines at fault in a file of their own. */
static void
end_tell(const struct running *running, struct call *call, struct call_end *end)
{
    bool in_pieces = running->pieces.begun && end->goes_on != NULL;

    if (in_pieces && !pieces_said(call, end))
        *end = failed("the file of errors cannot be written");
    if (!in_pieces && end->said.size > 0)
        fwrite(end->said.at, 1, end->said.size, stdout);
    fflush(stdout);
    if (end->progress != NULL)
        fprintf(stderr, "%s\n", end->progress);
    if (end->why != NULL)
        fprintf(stderr, "tongxing: %s\n", end->why);
    if (end->status != 0 && running->pieces.begun && running->again != NULL)
        fprintf(stderr, "Go on with --from %.*s.\n", (int)strcspn(running->again, " "),
                running->again);
}

static void
run(void *state)
{
    struct running *running = state;
    struct arena *arena = arena_new(CALL_ARENA_LIMIT);
    struct held held_arena;
    struct held held_shop;
    struct call call = { .arena = arena,
                         .said = buf_new(arena, 4096),
                         .config = DEFAULT_CONFIG,
                         .door = call_answer,
                         .again = running->again };
    struct call_end end;

    hold_begin(&held_arena, arena_release, arena);
    hold_begin(&held_shop, workshop_close, &call.shop);
    end = line_run(running, &call);
    end_tell(running, &call, &end);
    running->status = end.status;
    again_keep(running, end.goes_on);
    hold_release(&held_shop);
    hold_release(&held_arena);
}

int
commands_main(int argc, char **argv)
{
    struct running running = { .argc = argc, .argv = argv };
    enum err err = unwind_run(run, &running);

    while (err == OK && running.again != NULL) {
        if (running.follows)
            sleep(REST_S);
        err = unwind_run(run, &running);
    }
    if (err == OK)
        return running.status;
    free(running.again);
    fprintf(stderr, "tongxing: ended before its end: %s\n", err_name(err));
    return 1;
}
