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

/* --- Commands --- */

/* Whether the word that begins here is the first of its kind in the table: verbs share a first word. */
static bool
is_first_of_its_name(const struct command *command, const char *word, size_t size)
{
    for (const struct command *other = commands; other != command; other++) {
        if (strncmp(other->name, word, size) == 0 &&
            (other->name[size] == ' ' || other->name[size] == '\0'))
            return false;
    }
    return true;
}

/* The first words of all names. */
static void
names_write(struct buf *out)
{
    buf_text(out, "    '') options='--help --version' takes=('");
    for (const struct command *command = commands; command->name != NULL; command++) {
        const char *cursor = command->name;
        size_t size;
        const char *word = text_next_word(&cursor, &size);

        if (!is_first_of_its_name(command, word, size))
            continue;
        if (command != commands)
            buf_char(out, ' ');
        buf_bytes(out, word, size);
    }
    buf_text(out, "') ;;\n");
}

/* The second words of the names that begin with the first one of this command. */
static void
verbs_write(struct buf *out, const struct command *command, const char *verb)
{
    const char *prefix =
        arena_printf(out->arena, "%.*s", (int)(verb - command->name), command->name);

    if (!is_first_of_its_name(command, command->name, strlen(prefix) - 1))
        return;
    buf_text(out, arena_printf(out->arena, "    %.*s) options='--help' takes=('",
                               (int)strlen(prefix) - 1, prefix));
    for (const struct command *other = command; other->name != NULL; other++) {
        if (!text_starts(other->name, prefix))
            continue;
        buf_text(out, other == command ? "" : " ");
        buf_text(out, other->name + strlen(prefix));
    }
    buf_text(out, "') ;;\n");
}

static void
word_choices_write(struct buf *out, const struct command_word *word)
{
    buf_char(out, '\'');
    for (size_t i = 0; word->one_of != NULL && word->one_of[i] != NULL; i++) {
        buf_text(out, i == 0 ? "" : " ");
        buf_text(out, word->one_of[i]);
    }
    if (word->one_of == NULL)
        buf_text(out, choices_of_value(word->name));
    buf_char(out, '\'');
}

static void
command_write(struct buf *out, const struct command *command)
{
    struct arena *arena = out->arena;

    buf_text(out, arena_printf(arena, "    '%s') options='--help", command->name));
    for (const struct command_option *const *at = command->options; *at != NULL; at++)
        buf_text(out, arena_printf(arena, " --%s", (*at)->name));
    buf_text(out, "' takes=(");
    for (const struct command_word *word = command->words; word->name != NULL; word++) {
        buf_text(out, word == command->words ? "" : " ");
        word_choices_write(out, word);
    }
    buf_text(out, ") ;;\n");
}

static void
commands_write(struct buf *out)
{
    buf_text(out,
             "# The options of a command or of a beginning, and for each word what it may be.\n"
             "_tongxing_command() {\n    case $1 in\n");
    names_write(out);
    for (const struct command *command = commands; command->name != NULL; command++) {
        const char *blank = strchr(command->name, ' ');

        if (blank != NULL)
            verbs_write(out, command, blank + 1);
        command_write(out, command);
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
    "        for i in 2 1 0; do\n"
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
