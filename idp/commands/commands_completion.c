/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion for bash, from the table: two functions with a branch for each option and command, and
 * one that is the same whatever the table says.
 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/commands/commands.h"

/* "--config" or "--config | -c", as a pattern or, in a list, with a blank. */
static const char *
option_names(struct arena *arena, const struct command_option *option, const char *between)
{
    return option->letter == 0
               ? arena_printf(arena, "--%s", option->name)
               : arena_printf(arena, "--%s%s-%c", option->name, between, option->letter);
}

/* What stands for any name of a file, in the lists of choices. */
static const char *
choices_of_value(const char *value)
{
    return text_eq(value, "FILE") ? "FILE" : "";
}

/* --- Options that take a value --- */

static void
values_write(struct buf *out)
{
    buf_text(out, "# What may stand behind an option; false when nothing has to.\n"
                  "_tongxing_value() {\n    case $1 in\n");
    for (const struct command_option *const *at = command_options; *at != NULL; at++) {
        if ((*at)->type == OPTION_SWITCH)
            continue;
        buf_text(out, arena_printf(out->arena, "    %s) choices='%s' ;;\n",
                                   option_names(out->arena, *at, " | "),
                                   choices_of_value((*at)->value)));
    }
    buf_text(out, "    *) return 1 ;;\n    esac\n}\n\n");
}

/* --- Commands and their beginnings --- */

/* "" begins all names, "key" begins "key" and "key list". */
static bool
name_begins(const char *name, const char *words, size_t size)
{
    return strncmp(name, words, size) == 0 &&
           (size == 0 || name[size] == ' ' || name[size] == '\0');
}

/* Commands share beginnings: the first that has it writes what it means. */
static bool
is_first_to_begin(const struct command *command, size_t size)
{
    for (const struct command *other = commands; other != command; other++) {
        if (name_begins(other->name, command->name, size))
            return false;
    }
    return true;
}

static void
choice_write(struct buf *out, const char *choice, size_t size)
{
    if (out->at[out->size - 1] != '\'')
        buf_char(out, ' ');
    buf_bytes(out, choice, size);
}

/* The words that stand behind this beginning in names. */
static void
next_words_write(struct buf *out, const char *begin, size_t size)
{
    for (const struct command *command = commands; command->name != NULL; command++) {
        size_t at = size == 0 ? 0 : size + 1;
        size_t next;

        if (!name_begins(command->name, begin, size) || strlen(command->name) <= at)
            continue;
        next = strcspn(command->name + at, " ");
        if (is_first_to_begin(command, at + next))
            choice_write(out, command->name + at, next);
    }
}

static void
word_choices_write(struct buf *out, const struct command_word *word)
{
    const char *any = choices_of_value(word->name);

    for (size_t i = 0; word->one_of != NULL && word->one_of[i] != NULL; i++)
        choice_write(out, word->one_of[i], strlen(word->one_of[i]));
    if (word->one_of == NULL && *any != '\0')
        choice_write(out, any, strlen(any));
}

/* The command of this name; NULL when it only begins others. */
static const struct command *
command_named(const char *name, size_t size)
{
    for (const struct command *command = commands; command->name != NULL; command++) {
        if (strlen(command->name) == size && strncmp(command->name, name, size) == 0)
            return command;
    }
    return NULL;
}

static void
beginning_write(struct buf *out, const char *begin, size_t size)
{
    const struct command *command = command_named(begin, size);
    struct arena *arena = out->arena;

    buf_text(out, arena_printf(arena, "    '%.*s') options='--help", (int)size, begin));
    for (size_t i = 0; command != NULL && command->options[i] != NULL; i++)
        buf_text(out, arena_printf(arena, " --%s", command->options[i]->name));
    buf_text(out, size == 0 ? " --version' takes=('" : "' takes=('");
    next_words_write(out, begin, size);
    for (size_t i = 0; command != NULL && command->words[i].name != NULL; i++) {
        buf_text(out, i == 0 ? "" : "' '");
        word_choices_write(out, &command->words[i]);
    }
    buf_text(out, "') ;;\n");
}

static void
commands_write(struct buf *out)
{
    buf_text(out,
             "# The options of a command or of a beginning, and for each word what it may be.\n"
             "_tongxing_command() {\n    case $1 in\n");
    beginning_write(out, "", 0);
    for (const struct command *command = commands; command->name != NULL; command++) {
        size_t size = strcspn(command->name, " ");

        if (is_first_to_begin(command, size))
            beginning_write(out, command->name, size);
        while (command->name[size] != '\0') {
            size += 1 + strcspn(command->name + size + 1, " ");
            if (is_first_to_begin(command, size))
                beginning_write(out, command->name, size);
        }
    }
    buf_text(out, "    *) return 1 ;;\n    esac\n}\n\n");
}

/* --- The rest --- */

static const char reading[] =
    "_tongxing() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} choices='' options='' open='' at i\n"
    "    local words=() takes=() IFS=$' \\t\\n'\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        if [ \"${COMP_WORDS[i]}\" = '=' ]; then\n"
    "            :\n"
    "        elif [ -n \"$open\" ]; then\n"
    "            open=''\n"
    "        elif _tongxing_value \"${COMP_WORDS[i]}\"; then\n"
    "            open=${COMP_WORDS[i]}\n"
    "        elif [[ ${COMP_WORDS[i]} != -* ]]; then\n"
    "            words+=(\"${COMP_WORDS[i]}\")\n"
    "        fi\n"
    "    done\n"
    "    [ \"$cur\" != '=' ] || cur=\n"
    "    if [ -n \"$open\" ]; then\n"
    "        _tongxing_value \"$open\"\n"
    "    else\n"
    "        # What help is asked about is completed like itself.\n"
    "        [ \"${words[0]-}\" != help ] || words=(\"${words[@]:1}\")\n"
    "        for i in 3 2 1 0; do\n"
    "            at=$i\n"
    "            [ ${#words[@]} -lt \"$i\" ] || ! _tongxing_command \"${words[*]:0:i}\" || break\n"
    "        done\n"
    "        choices=${takes[${#words[@]} - at]-}\n"
    "        [[ $cur != -* ]] || choices=$options\n"
    "    fi\n"
    "    COMPREPLY=()\n"
    "    if [ \"$choices\" = FILE ]; then\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "    else\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$cur\")\n"
    "    fi\n"
    "}\n"
    "complete -F _tongxing tongxing\n";

void
command_completion_write(struct buf *out)
{
    buf_text(out,
             "# shellcheck shell=bash\n# Made by `tongxing docs completion`; do not edit.\n\n");
    values_write(out);
    commands_write(out);
    buf_text(out, reading);
}
