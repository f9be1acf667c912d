/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"

#include <stdio.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/base/unwind.h"

#define CALL_ARENA_LIMIT (16U << 20)
#define DEFAULT_CONFIG "/etc/tongxing/tongxing.conf"

/* --- The table --- */

#define AT(member) offsetof(struct call, member)

static const struct command_option
    option_config = { "config",    'c',
                      OPTION_TEXT, "FILE",
                      AT(config),  "The configuration file; " DEFAULT_CONFIG " when left out." },
    option_plan = { "plan", 0, OPTION_SWITCH, NULL, AT(plan), "Only say what would be done." },
    option_version = { "version", 0, OPTION_SWITCH, NULL, AT(version), "The same as the command." },
    option_help = { "help", 'h',      OPTION_SWITCH,
                    NULL,   AT(help), "Say what the command takes, and do nothing." };

const struct command_option *const command_options[] = {
    &option_config, &option_plan, &option_version, &option_help, NULL,
};

static const char *const algorithms[] = { "ES256", "RS256", "EdDSA", NULL };
static const char *const documents[] = { "commands", "configuration", "events", "problems", NULL };

/* clang-format off */
#define WORD(name, member, help) { name, AT(member), false, NULL, NULL, help }
#define PERSON WORD("PERSON_ID", person_id, "The person's id, as in the audit trail.")

const struct command commands[] = {
    { "serve", NEED_SETTINGS, { { 0 } }, { &option_config }, command_serve,
      "Run the service until SIGTERM." },
    { "check-config", NEED_SETTINGS, { { 0 } }, { &option_config }, command_check_config,
      "Say whether the configuration file is right." },
    { "migrate", NEED_STORE, { { 0 } }, { &option_config, &option_plan }, command_migrate,
      "Bring the store's schema up to date." },
    { "key list", NEED_SCHEMA, { { 0 } }, { &option_config }, command_key_list,
      "Show all keys with state and next change; no secret." },
    { "key init", NEED_SCHEMA, { { 0 } }, { &option_config }, command_key_init,
      "Make the key-encryption key's file and the first keys; what exists stays." },
    { "key rotate", NEED_KEYS,
      { { "ALGORITHM", AT(algorithm), true, "ES256", algorithms, "Whose signing key gets a successor." } },
      { &option_config }, command_key_rotate, "Announce a new signing key." },
    { "partner apply", NEED_KEYS, { WORD("FILE", file, "The partners, in JSON.") },
      { &option_config, &option_plan }, command_partner_apply,
      "Make the registered partners those of the file; one that it does not name is removed." },
    { "person block", NEED_KEYS, { PERSON }, { &option_config }, command_person_block,
      "End all that a person has open, and let her in no more." },
    { "person unblock", NEED_KEYS, { PERSON }, { &option_config }, command_person_unblock,
      "Let a person log in again." },
    { "person deceased", NEED_KEYS, { PERSON }, { &option_config }, command_person_deceased,
      "End all that a person has open, because she has died." },
    { "docs", NEED_NOTHING,
      { { "DOCUMENT", AT(document), false, NULL, documents, "Which one." } }, { NULL }, command_docs,
      "Write a document that is made from the program's own tables." },
    { "version", NEED_NOTHING, { { 0 } }, { &option_version }, command_version,
      "Print the version." },
    { "help", NEED_NOTHING,
      { { "COMMAND", AT(about[0]), true, NULL, NULL, "All commands when it is left out." },
        { "VERB", AT(about[1]), true, NULL, NULL, "The second word of its name." } },
      { NULL }, command_help, "Say which commands there are, or what one takes." },
    { 0 },
};
/* clang-format on */

/* --- Finding --- */

/* How many of the words the name has; 0 when they do not begin with it. */
static size_t
name_words(const char *name, const char *const *words, size_t count)
{
    const char *cursor = name;
    const char *word;
    size_t size;
    size_t used = 0;

    while ((word = text_next_word(&cursor, &size)) != NULL) {
        if (used == count || strlen(words[used]) != size || strncmp(words[used], word, size) != 0)
            return 0;
        used++;
    }
    return used;
}

const struct command *
command_find(const char *const *words, size_t count, size_t *used)
{
    for (const struct command *command = commands; command->name != NULL; command++) {
        size_t matched = name_words(command->name, words, count);

        if (matched == 0)
            continue;
        *used = matched;
        return command;
    }
    return NULL;
}

bool
command_takes(const struct command *command, const struct command_option *option)
{
    for (const struct command_option *const *at = command->options; *at != NULL; at++) {
        if (*at == option)
            return true;
    }
    return option == &option_help;
}

/* --- Running --- */

static int
fail(const char *name, const char *why)
{
    fprintf(stderr, "tongxing: %s%s%s\n", name, name[0] != '\0' ? ": " : "", why);
    return 1;
}

void
call_tell(struct call *call)
{
    fwrite(call->said.at, 1, call->said.size, stdout);
    fflush(stdout);
    call->said = buf_new(call->arena, 256);
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
