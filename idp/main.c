/* SPDX-License-Identifier: Apache-2.0 */
/* tongxing: one program, several commands. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/server/config.h"
#include "idp/server/server.h"

#define CONFIG_ARENA_LIMIT (16U << 20)
#define DEFAULT_CONFIG "/etc/tongxing/tongxing.conf"

/* What a command is given. */
struct call {
    struct arena *arena;
    const char *config;
    int argc; /* words behind the options */
    char **argv;
};

static int
fail(const char *sentence, const char *what)
{
    fprintf(stderr, "tongxing: %s%s\n", sentence, what);
    return 1;
}

static bool
settings_read(struct call *call, struct settings *out)
{
    const char *why = NULL;

    if (config_read(call->arena, call->config, out, &why) == OK)
        return true;
    fail("", why);
    return false;
}

static enum log_level
log_level_of(const char *name)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    int level = LOG_DEBUG;

    while (level < LOG_ERROR && !text_eq(names[level], name))
        level++;
    return (enum log_level)level;
}

static int
command_serve(struct call *call)
{
    struct settings settings;
    enum err err;

    if (!settings_read(call, &settings))
        return 1;
    log_set_level(log_level_of(settings.log.level));
    err = server_run(&settings);
    return err == OK ? 0 : fail("cannot start: ", err_name(err));
}

static int
command_check_config(struct call *call)
{
    struct settings settings;

    if (!settings_read(call, &settings))
        return 1;
    printf("%s: the configuration is right.\n", call->config);
    return 0;
}

static int
command_version(struct call *call)
{
    (void)call;
    puts("tongxing " TONGXING_VERSION);
    return 0;
}

static int
command_docs(struct call *call)
{
    struct buf text = buf_new(call->arena, 16384);

    if (call->argc != 1 || !text_eq(call->argv[0], "configuration"))
        return fail("docs: which one? ", "configuration");
    config_write_reference(&text);
    fwrite(text.at, 1, text.size, stdout);
    return 0;
}

static const struct command {
    const char *name;
    int (*run)(struct call *call);
    const char *help; /* NULL: for our own scripts, not shown */
} commands[] = {
    { "serve", command_serve, "run the service until SIGTERM" },
    { "check-config", command_check_config, "say whether the configuration file is right" },
    { "version", command_version, "print the version" },
    { "docs", command_docs, NULL },
};

static int
usage(FILE *to, int status)
{
    fputs("usage: tongxing COMMAND [--config FILE]\n\n", to);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (commands[i].help != NULL)
            fprintf(to, "  %-14s %s\n", commands[i].name, commands[i].help);
    }
    fputs("\nWithout --config the file is " DEFAULT_CONFIG ".\n", to);
    return status;
}

static const struct command *
command_find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (text_eq(commands[i].name, name))
            return &commands[i];
    }
    return NULL;
}

static int
command_run(const struct command *command, struct call *call)
{
    int status;

    call->arena = arena_new(CONFIG_ARENA_LIMIT);
    status = command->run(call);
    arena_free(call->arena);
    return status;
}

int
main(int argc, char **argv)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    struct call call = { .config = DEFAULT_CONFIG };
    const struct command *command;
    int option;

    while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        if (option == 'h')
            return usage(stdout, 0);
        if (option != 'c')
            return usage(stderr, 2);
        call.config = optarg;
    }
    if (optind == argc)
        return usage(stderr, 2);
    command = command_find(argv[optind]);
    if (command == NULL)
        return fail("no such command: ", argv[optind]);
    call.argc = argc - optind - 1;
    call.argv = argv + optind + 1;
    return command_run(command, &call);
}
