/* SPDX-License-Identifier: Apache-2.0 */
/* Help and docs/commands.md, from the table. */
#include "idp/base/text.h"
#include "idp/commands/commands.h"

const char *
command_option_form(struct arena *arena, const struct command_option *option)
{
    return option->type == OPTION_SWITCH
               ? arena_printf(arena, "--%s", option->name)
               : arena_printf(arena, "--%s %s", option->name, option->value);
}

const char *
command_usage(struct arena *arena, const struct command *command, bool whole)
{
    struct buf out = buf_new(arena, 128);

    buf_text(&out, command->name);
    for (const struct command_word *word = command->words; word->name != NULL; word++)
        buf_text(&out, arena_printf(arena, word->optional ? " [%s]" : " %s", word->name));
    for (const struct command_option *const *at = command->options; *at != NULL; at++) {
        if (whole || (*at)->type == OPTION_SWITCH)
            buf_text(&out, arena_printf(arena, " [%s]", command_option_form(arena, *at)));
    }
    return out.at;
}

const char *
command_word_help(struct arena *arena, const struct command_word *word)
{
    struct buf out = buf_new(arena, 128);

    buf_text(&out, word->help);
    for (size_t i = 0; word->one_of != NULL && word->one_of[i] != NULL; i++) {
        buf_text(&out, i == 0 ? " One of " : ", ");
        buf_text(&out, word->one_of[i]);
    }
    if (word->one_of != NULL)
        buf_char(&out, '.');
    if (word->standard != NULL)
        buf_text(&out, arena_printf(arena, " %s when left out.", word->standard));
    return out.at;
}

/* Writes one line about a word or an option. */
typedef void part_writer(struct buf *out, const char *name, const char *help);

static void
part_plain(struct buf *out, const char *name, const char *help)
{
    buf_text(out, arena_printf(out->arena, "  %-14s %s\n", name, help));
}

static void
part_row(struct buf *out, const char *name, const char *help)
{
    buf_text(out, arena_printf(out->arena, "| `%s` | %s |\n", name, help));
}

static void
parts_write(struct buf *out, const struct command *command, part_writer *write)
{
    for (const struct command_word *word = command->words; word->name != NULL; word++)
        write(out, word->name, command_word_help(out->arena, word));
    for (const struct command_option *const *at = command->options; *at != NULL; at++)
        write(out, command_option_form(out->arena, *at), (*at)->help);
}

static void
list_write(struct buf *out, const char *prefix)
{
    for (const struct command *command = commands; command->name != NULL; command++) {
        if (text_starts(command->name, prefix))
            buf_text(out, arena_printf(out->arena, "  %-28s %s\n",
                                       command_usage(out->arena, command, false), command->help));
    }
}

bool
command_help_write(struct buf *out, const char *name)
{
    size_t before = out->size;

    if (name[0] == '\0') {
        buf_text(out, "usage: tongxing COMMAND [WORD...] [OPTION...]\n\n");
        list_write(out, "");
        buf_text(out, "\ntongxing COMMAND --help says what one takes.\n");
        return true;
    }
    for (const struct command *command = commands; command->name != NULL; command++) {
        if (!text_eq(command->name, name))
            continue;
        buf_text(out, arena_printf(out->arena, "usage: tongxing %s\n\n%s\n",
                                   command_usage(out->arena, command, true), command->help));
        parts_write(out, command, part_plain);
        return true;
    }
    list_write(out, arena_printf(out->arena, "%s ", name));
    return out->size > before;
}

static void
reference_of(struct buf *out, const struct command *command)
{
    static const char *const needs[] = {
        [NEED_NOTHING] = "nothing",
        [NEED_SETTINGS] = "the configuration",
        [NEED_STORE] = "the store, whatever its schema",
        [NEED_SCHEMA] = "the store with the schema of this program",
        [NEED_KEYS] = "the store, and the key-encryption key that opens its keys",
    };
    struct arena *arena = out->arena;

    buf_text(out, arena_printf(arena, "\n## %s\n\n`tongxing %s`\n\n%s Needs %s.\n", command->name,
                               command_usage(arena, command, true), command->help,
                               needs[command->need]));
    if (command->place == PLACE_ANY)
        buf_text(out, "The service does it when it runs and has a door for operators.\n");
    if (command->words[0].name == NULL && command->options[0] == NULL)
        return;
    buf_text(out, "\n| word or option | meaning |\n| --- | --- |\n");
    parts_write(out, command, part_row);
}

void
command_reference_write(struct buf *out)
{
    buf_text(out, "# Commands\n\nMade by `tongxing docs commands`; do not edit.\n\n"
                  "`tongxing COMMAND --help` says the same. "
                  "Options may stand anywhere; behind `--` there are none. A word or option\n"
                  "that a command does not have is refused, and nothing is done. "
                  "A command ends with 0 when all is well, 1 when not and\n"
                  "2 when it was called wrongly, and says why on standard error.\n");
    for (const struct command *command = commands; command->name != NULL; command++)
        reference_of(out, command);
}
