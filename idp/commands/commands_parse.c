/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments into a call, by the rows of the table. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/commands/commands.h"

struct command_line {
    struct call *call;
    int argc;
    char **argv;
    int at;             /* the argument that is read next */
    const char **words; /* those that are no options */
    size_t count;
    bool *given; /* for each of command_options */
};

#define refusal(line, ...) arena_printf((line)->call->arena, __VA_ARGS__)

static void *
place(struct command_line *line, size_t at)
{
    return (char *)line->call + at;
}

/* --- Options --- */

/* "--NAME", "--NAME=VALUE" or "-LETTER". */
static bool
argument_names(const char *argument, const struct command_option *option)
{
    size_t size = strlen(option->name);

    if (argument[1] != '-')
        return option->letter != 0 && argument[1] == option->letter && argument[2] == '\0';
    return strncmp(argument + 2, option->name, size) == 0 &&
           (argument[2 + size] == '\0' || argument[2 + size] == '=');
}

/* NULL, or why the value is none of the option's type. */
static const char *
value_keep(struct command_line *line, const struct command_option *option, const char *value)
{
    void *at = place(line, option->at);

    switch (option->type) {
    case OPTION_NUMBER:
        if (text_to_int(value, 0, OPTION_NUMBER_MAX, at) == OK)
            return NULL;
        return refusal(line, "--%s needs a whole number, not \"%s\".", option->name, value);
    case OPTION_WHEN:
        if (when_read(value, at))
            return NULL;
        return refusal(line, "--%s needs a time (" WHEN_FORMS "), not \"%s\".", option->name,
                       value);
    case OPTION_SPAN:
        if (when_read(value, at) && ((struct when *)at)->ago)
            return NULL;
        return refusal(line, "--%s needs a span of time (" SPAN_FORMS "), not \"%s\".",
                       option->name, value);
    default:
        *(const char **)at = value;
        return NULL;
    }
}

static const char *
option_take(struct command_line *line, const char *argument, size_t which)
{
    const struct command_option *option = command_options[which];
    const char *value = strchr(argument, '=');

    if (line->given[which])
        return refusal(line, "--%s stands twice.", option->name);
    line->given[which] = true;
    if (option->type == OPTION_SWITCH) {
        if (value != NULL)
            return refusal(line, "--%s takes no value.", option->name);
        *(bool *)place(line, option->at) = true;
        return NULL;
    }
    if (value != NULL)
        value++;
    else if (line->at < line->argc)
        value = line->argv[line->at++];
    if (text_is_empty(value))
        return refusal(line, "--%s needs a value: --%s %s.", option->name, option->name,
                       option->value);
    return value_keep(line, option, value);
}

static const char *
option_read(struct command_line *line, const char *argument)
{
    for (size_t i = 0; command_options[i] != NULL; i++) {
        if (argument_names(argument, command_options[i]))
            return option_take(line, argument, i);
    }
    return refusal(line, "there is no option %s. A word that begins with a dash stands behind --.",
                   argument);
}

/* Options may stand anywhere, but not behind "--". */
static const char *
arguments_sort(struct command_line *line)
{
    bool options_over = false;
    const char *why = NULL;

    while (why == NULL && line->at < line->argc) {
        const char *argument = line->argv[line->at++];

        if (options_over || argument[0] != '-' || argument[1] == '\0')
            line->words[line->count++] = argument;
        else if (text_eq(argument, "--"))
            options_over = true;
        else
            why = option_read(line, argument);
    }
    return why;
}

static const char *
options_check(struct command_line *line, const struct command *command)
{
    for (size_t i = 0; command_options[i] != NULL; i++) {
        if (line->given[i] && !command_takes(command, command_options[i]))
            return refusal(line, "%s takes no --%s.", command->name, command_options[i]->name);
    }
    return NULL;
}

/* --- Words --- */

static const char *
choices_join(struct command_line *line, const char *const *one_of)
{
    struct buf out = buf_new(line->call->arena, 64);

    for (size_t i = 0; one_of[i] != NULL; i++) {
        if (i > 0)
            buf_text(&out, one_of[i + 1] != NULL ? ", " : " or ");
        buf_text(&out, one_of[i]);
    }
    return out.at;
}

static const char *
word_take(struct command_line *line, const struct command *command, const struct command_word *word,
          const char *text)
{
    const char *const *choice = word->one_of;

    while (choice != NULL && *choice != NULL && !text_eq(*choice, text))
        choice++;
    if (choice != NULL && *choice == NULL)
        return refusal(line, "%s: %s is %s, not \"%s\".", command->name, word->name,
                       choices_join(line, word->one_of), text);
    *(const char **)place(line, word->at) = text;
    return NULL;
}

static const char *
words_take(struct command_line *line, const struct command *command, size_t at)
{
    const char *why = NULL;

    for (const struct command_word *word = command->words; word->name != NULL; word++) {
        if (at < line->count)
            why = word_take(line, command, word, line->words[at++]);
        else if (word->optional)
            *(const char **)place(line, word->at) = word->standard;
        else
            why = refusal(line, "%s needs a word more: %s.", command->name, word->name);
        if (why != NULL)
            return why;
    }
    if (at < line->count)
        return refusal(line, "%s has no use for \"%s\".", command->name, line->words[at]);
    return NULL;
}

/* --- Commands --- */

/* Names the commands that begin with the first word, when there are any. */
static const char *
unknown(struct command_line *line)
{
    struct arena *arena = line->call->arena;
    const char *prefix = arena_printf(arena, "%s ", line->words[0]);
    struct buf verbs = buf_new(arena, 128);

    for (const struct command *command = commands; command->name != NULL; command++) {
        if (!text_starts(command->name, prefix))
            continue;
        buf_text(&verbs, verbs.size > 0 ? ", " : "");
        buf_text(&verbs, command->name);
    }
    if (verbs.size == 0)
        return refusal(line, "there is no command \"%s\"; tongxing help names all.",
                       line->words[0]);
    if (line->count == 1)
        return refusal(line, "\"%s\" alone is no command; there are: %s.", line->words[0],
                       verbs.at);
    return refusal(line, "there is no command \"%s %s\"; there are: %s.", line->words[0],
                   line->words[1], verbs.at);
}

/* "" when nothing was asked for at all. */
static const char *
command_choose(struct command_line *line, const struct command **command)
{
    size_t used = 0;
    const char *why;

    if (line->call->version && line->count == 0)
        line->words[line->count++] = "version";
    if (line->count == 0)
        return line->call->help ? NULL : "";
    *command = command_find(line->words, line->count, &used);
    if (*command == NULL)
        return unknown(line);
    why = options_check(line, *command);
    /* Help is asked for by those who do not know which words there must be. */
    return why != NULL || line->call->help ? why : words_take(line, *command, used);
}

const char *
command_line_read(int argc, char **argv, struct call *out, const struct command **command)
{
    struct command_line line = { .call = out, .argc = argc, .argv = argv };
    size_t options = 0;
    const char *why;

    while (command_options[options] != NULL)
        options++;
    line.given = arena_alloc(out->arena, options * sizeof(*line.given));
    line.words = arena_alloc(out->arena, ((size_t)argc + 1) * sizeof(*line.words));
    why = arguments_sort(&line);
    return why != NULL ? why : command_choose(&line, command);
}
