/* SPDX-License-Identifier: Apache-2.0 */
/* tongxing: one program, several commands. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/file.h"
#include "idp/base/log.h"
#include "idp/base/problem.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/partner/apply.h"
#include "idp/partner/registry.h"
#include "idp/server/config/config.h"
#include "idp/server/life/server.h"
#include "idp/server/life/services.h"
#include "idp/session/stop.h"
#include "idp/tables/partner.h"
#include "keys/turning/keys.h"

#define CONFIG_ARENA_LIMIT (16U << 20)
#define PARTNERS_FILE_LIMIT ((size_t)4 << 20)
#define REMOVED_LATELY_S 86400
#define DEFAULT_CONFIG "/etc/tongxing/tongxing.conf"

/* What a command is given. */
struct call {
    struct arena *arena;
    const char *config;
    bool plan; /* only say what would be done */
    int argc;  /* words behind the options */
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

/* --- Commands on the store --- */

/* What a command on the store has open. The server must not run on the same SQLite file. */
struct workshop {
    struct settings settings;
    struct services services;
    struct key32 kek;
    struct store *store;
    struct ctx ctx;
};

static int
workshop_open(struct call *call, struct workshop *out)
{
    if (!settings_read(call, &out->settings))
        return 1;
    /* Its address is not told: it may hold a password. */
    if (services_open_store(&out->services, &out->settings) != OK)
        return fail("the store cannot be opened; the log says why", "");
    out->store = store_open(out->services.database);
    out->ctx = ctx_new(&out->services, call->arena, out->store);
    out->ctx.channel = "operator";
    return 0;
}

static int
workshop_close(struct workshop *workshop, enum err err, const char *doing)
{
    if (workshop->store != NULL)
        store_close(workshop->store);
    services_close(&workshop->services);
    secret_wipe(&workshop->kek, sizeof(workshop->kek));
    return err == OK ? 0 : fail(doing, err_name(err));
}

static enum err
workshop_check_schema(struct workshop *workshop)
{
    const char *why = NULL;
    enum err err = store_schema_check(workshop->store, workshop->ctx.arena, &why);

    if (err == ERR_INVALID)
        fail("", why);
    return err;
}

static int
command_migrate(struct call *call)
{
    struct workshop workshop = { 0 };
    struct buf text = buf_new(call->arena, 4096);
    int64_t pending = 0;
    enum err err;

    if (workshop_open(call, &workshop) != 0)
        return workshop_close(&workshop, ERR_UNAVAILABLE, "migrate: ");
    err = store_migrate_plan(workshop.store, &text, &pending);
    fputs(text.at, err == OK ? stdout : stderr);
    if (err == OK && pending > 0 && !call->plan)
        err = store_migrate(workshop.store, workshop.services.env);
    return workshop_close(&workshop, err, "migrate: ");
}

/* "key list", "key init": file and first keys; "key rotate [ALG]": ES256 unless told. */
static enum err
key_do(struct call *call, struct workshop *workshop, struct buf *text)
{
    const char *verb = call->argc > 0 ? call->argv[0] : "list";
    enum jws_alg alg = call->argc > 1 ? jws_alg_of(call->argv[1]) : JWS_ES256;
    const char *key_id = "";
    int64_t made = 0;
    enum err err = OK;

    if (text_eq(verb, "list"))
        return keys_list(&workshop->ctx, text);
    if (text_eq(verb, "init"))
        err = kek_create(workshop->services.env, workshop->settings.keys.encryption_key_file);
    if (err == OK || err == ERR_CONFLICT)
        err = kek_read(workshop->settings.keys.encryption_key_file, &workshop->kek);
    if (err != OK)
        return err;
    if (text_eq(verb, "init")) {
        err = keys_ensure(&workshop->ctx, &workshop->kek, &made);
        buf_text(text, arena_printf(call->arena, "%lld keys made.\n", (long long)made));
        return err;
    }
    if (!text_eq(verb, "rotate") || alg == JWS_NONE || alg == JWS_HS256)
        return ERR_INVALID;
    err = keys_rotate(&workshop->ctx, &workshop->kek, alg, &key_id);
    buf_text(text, arena_printf(call->arena, "%s is announced.\n", key_id));
    return err;
}

static int
command_key(struct call *call)
{
    struct workshop workshop = { 0 };
    struct buf text = buf_new(call->arena, 4096);
    enum err err;

    if (workshop_open(call, &workshop) != 0)
        return workshop_close(&workshop, ERR_UNAVAILABLE, "key: ");
    err = workshop_check_schema(&workshop);
    if (err == OK)
        err = key_do(call, &workshop, &text);
    if (err == OK)
        fputs(text.at, stdout);
    return workshop_close(&workshop, err, "key (list, init, rotate ES256|RS256|EdDSA): ");
}

/* Keys and partners in memory: what a command needs that does more than look at rows. */
static enum err
workshop_equip(struct workshop *workshop)
{
    enum err err = kek_read(workshop->settings.keys.encryption_key_file, &workshop->kek);

    if (err == OK)
        err = keys_load(&workshop->ctx, &workshop->kek);
    return err == OK ? registry_load(&workshop->ctx) : err;
}

/* Also when a removal of the last day was interrupted before it came to this. */
static enum err
partners_cleared(struct call *call, struct workshop *workshop, struct buf *text)
{
    struct ctx *ctx = &workshop->ctx;
    bool removed;
    int64_t ended = 0;
    enum err err = store_partner_any_removed(ctx->store, ctx->now - REMOVED_LATELY_S, &removed);

    if (err != OK || !removed)
        return err;
    err = registry_load(ctx);
    if (err == OK)
        err = removed_partners_stop(ctx, &ended);
    if (ended > 0)
        buf_text(text, arena_printf(call->arena, "  %lld grants of removed partners ended.\n",
                                    (long long)ended));
    return err;
}

static enum err
partner_do(struct call *call, struct workshop *workshop, struct buf *text)
{
    struct bytes file;
    enum err err;

    if (call->argc != 2 || !text_eq(call->argv[0], "apply"))
        return ERR_INVALID;
    err = file_read(call->arena, call->argv[1], PARTNERS_FILE_LIMIT, &file);
    if (err == OK)
        err = workshop_equip(workshop);
    if (err == OK)
        err = partner_apply(&workshop->ctx, file, call->plan, text);
    return err == OK && !call->plan ? partners_cleared(call, workshop, text) : err;
}

static int
command_partner(struct call *call)
{
    struct workshop workshop = { 0 };
    struct buf text = buf_new(call->arena, 4096);
    enum err err;

    if (workshop_open(call, &workshop) != 0)
        return workshop_close(&workshop, ERR_UNAVAILABLE, "partner: ");
    err = workshop_check_schema(&workshop);
    if (err == OK)
        err = partner_do(call, &workshop, &text);
    fputs(text.at, stdout);
    return workshop_close(&workshop, err, "partner apply FILE [--plan]: ");
}

static enum err
person_do(struct call *call, struct workshop *workshop)
{
    struct ctx *ctx = &workshop->ctx;
    const char *verb = call->argc == 2 ? call->argv[0] : "";
    enum err err = workshop_equip(workshop);

    if (err != OK)
        return err;
    if (text_eq(verb, "block"))
        return person_stop(ctx, call->argv[1], PERSON_DISABLED, "blocked");
    if (text_eq(verb, "deceased"))
        return person_stop(ctx, call->argv[1], PERSON_DECEASED, "deceased");
    return text_eq(verb, "unblock") ? person_resume(ctx, call->argv[1]) : ERR_INVALID;
}

static int
command_person(struct call *call)
{
    struct workshop workshop = { 0 };
    enum err err;

    if (workshop_open(call, &workshop) != 0)
        return workshop_close(&workshop, ERR_UNAVAILABLE, "person: ");
    err = workshop_check_schema(&workshop);
    if (err == OK)
        err = person_do(call, &workshop);
    if (err == OK)
        puts("Done.");
    return workshop_close(&workshop, err, "person (block | unblock | deceased PERSON_ID): ");
}

/* --- Generated references --- */

static void
problems_write(struct buf *out)
{
    buf_text(
        out,
        "# Problems\n\nWhat a client or a person can be told went wrong. Generated from "
        "`idp/base/problem.def`; do not "
        "edit.\n\n| symbol | HTTP | code | English | Chinese |\n| --- | --- | --- | --- | --- |\n");
    for (const struct problem *const *at = all_problems; *at != NULL; at++)
        buf_text(out, arena_printf(out->arena, "| `%s` | %d | `%s` | %s | %s |\n", (*at)->symbol,
                                   (*at)->status, (*at)->code, problem_text(*at, LANGUAGE_EN),
                                   problem_text(*at, LANGUAGE_ZH_CN)));
}

static void
events_write(struct buf *out)
{
    buf_text(out, "# Audit events\n\nWhat is written to the audit trail. Generated from "
                  "`idp/audit/event.def`; do not edit.\n\n"
                  "| event | kind | what happened |\n| --- | --- | --- |\n");
    for (int event = AUDIT_NONE + 1; event < AUDIT_COUNT; event++)
        buf_text(out, arena_printf(out->arena, "| `%s` | %s | %s |\n",
                                   audit_event_name((enum audit_event)event),
                                   audit_event_is_refusal((enum audit_event)event) ? "refusal"
                                                                                   : "change",
                                   audit_event_help((enum audit_event)event)));
}

static int
command_docs(struct call *call)
{
    static const struct {
        const char *name;
        void (*write)(struct buf *out);
    } documents[] = {
        { "configuration", config_write_reference },
        { "problems", problems_write },
        { "events", events_write },
    };
    struct buf text = buf_new(call->arena, 16384);

    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        if (call->argc != 1 || !text_eq(call->argv[0], documents[i].name))
            continue;
        documents[i].write(&text);
        fwrite(text.at, 1, text.size, stdout);
        return 0;
    }
    return fail("docs: which one? ", "configuration, problems or events");
}

static const struct command {
    const char *name;
    int (*run)(struct call *call);
    const char *help; /* NULL: for our own scripts, not shown */
} commands[] = {
    { "serve", command_serve, "run the service until SIGTERM" },
    { "check-config", command_check_config, "say whether the configuration file is right" },
    { "migrate", command_migrate, "bring the store's schema up to date (--plan: only say how)" },
    { "key", command_key, "list | init | rotate [ES256|RS256|EdDSA]" },
    { "partner", command_partner,
      "apply FILE: make the registered partners those of the file (--plan)" },
    { "person", command_person,
      "block | unblock | deceased PERSON_ID: end all that a person has open, or let her in again" },
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

struct running {
    const struct command *command;
    struct call *call;
    int status;
};

static void
run(void *state)
{
    struct running *running = state;

    running->call->arena = arena_new(CONFIG_ARENA_LIMIT);
    running->status = running->command->run(running->call);
    arena_free(running->call->arena);
}

static int
command_run(const struct command *command, struct call *call)
{
    struct running running = { .command = command, .call = call };
    enum err err = unwind_run(run, &running);

    return err == OK ? running.status : fail("ended before its end: ", err_name(err));
}

int
main(int argc, char **argv)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },
        { "plan", no_argument, NULL, 'p' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    struct call call = { .config = DEFAULT_CONFIG };
    const struct command *command;
    int option;

    while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        if (option == 'h')
            return usage(stdout, 0);
        if (option == '?')
            return usage(stderr, 2);
        if (option == 'p')
            call.plan = true;
        else
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
