/* SPDX-License-Identifier: Apache-2.0 */
/* One call of the program: read, opened, run, closed. */
#include <stdio.h>

#include "idp/base/unwind.h"
#include "idp/commands/commands.h"

#define CALL_ARENA_LIMIT (16U << 20)

static int
fail(const char *name, const char *why)
{
    fprintf(stderr, "tongxing: %s%s%s\n", name, name[0] != '\0' ? ": " : "", why);
    return 1;
}

static int
command_run(const struct command *command, struct call *call)
{
    const char *why = workshop_open(call->arena, call->config, command->need, &call->shop);
    enum err err;

    if (why != NULL)
        return fail("", why);
    err = command->run(call);
    call_tell(call);
    return err == OK ? 0 : fail(command->name, err_name(err));
}

static int
help_tell(struct call *call, const struct command *command)
{
    command_help_write(&call->said, command != NULL ? command->name : "");
    call_tell(call);
    return 0;
}

static int
called_wrongly(struct call *call, const char *why)
{
    if (why[0] == '\0') {
        command_help_write(&call->said, "");
        fputs(call->said.at, stderr);
    } else {
        fail("", why);
    }
    return 2;
}

struct running {
    int argc;
    char **argv;
    int status;
};

static int
line_run(struct running *running, struct call *call)
{
    const struct command *command = NULL;
    const char *why = command_line_read(running->argc - 1, running->argv + 1, call, &command);
    struct held held;
    int status;

    if (why != NULL)
        return called_wrongly(call, why);
    if (call->help)
        return help_tell(call, command);
    hold_begin(&held, workshop_close, &call->shop);
    status = command_run(command, call);
    hold_release(&held);
    return status;
}

static void
run(void *state)
{
    struct running *running = state;
    struct arena *arena = arena_new(CALL_ARENA_LIMIT);
    struct held held;
    struct call call = { .arena = arena };

    hold_begin(&held, arena_release, arena);
    call.said = buf_new(arena, 4096);
    call.config = DEFAULT_CONFIG;
    running->status = line_run(running, &call);
    hold_release(&held);
}

int
commands_main(int argc, char **argv)
{
    struct running running = { .argc = argc, .argv = argv };
    enum err err = unwind_run(run, &running);

    return err == OK ? running.status : fail("ended before its end", err_name(err));
}
