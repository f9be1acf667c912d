/* SPDX-License-Identifier: Apache-2.0 */
/* The manual page, in the macros of man(7), from the table. */
#include "idp/base/text.h"
#include "idp/commands/commands.h"

/* A dot or an apostrophe that begins a line would be a request. */
static void
roff_text(struct buf *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        buf_text(out, "\\&");
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            buf_text(out, "\\e");
        else if (*text == '-')
            buf_text(out, "\\-");
        else
            buf_char(out, *text);
    }
}

static void
roff_line(struct buf *out, const char *text)
{
    roff_text(out, text);
    buf_char(out, '\n');
}

static void
part_write(struct buf *out, const char *name, const char *help)
{
    buf_text(out, ".TP\n.B ");
    roff_line(out, name);
    roff_line(out, help);
}

static void
manual_of(struct buf *out, const struct command *command)
{
    struct arena *arena = out->arena;

    buf_text(out, ".SS ");
    roff_line(out, command->name);
    buf_text(out, ".B tongxing ");
    roff_line(out, command_usage(arena, command, true));
    buf_text(out, ".PP\n");
    roff_line(out, command->help);
    if (command->place == PLACE_ANY)
        roff_line(out, "The service does it when it runs and has a door for operators.");
    for (const struct command_word *word = command->words; word->name != NULL; word++)
        part_write(out, word->name, command_word_help(arena, word));
    for (const struct command_option *const *at = command->options; *at != NULL; at++)
        part_write(out, command_option_form(arena, *at), (*at)->help);
}

void
command_manual_write(struct buf *out)
{
    buf_text(
        out,
        ".\\\" Made by `tongxing docs man`; do not edit.\n"
        ".TH TONGXING 8 \"\" \"Tongxing " TONGXING_VERSION "\" \"System administration\"\n"
        ".SH NAME\n"
        "tongxing \\- identity provider: one login that opens every door\n"
        ".SH SYNOPSIS\n"
        ".B tongxing\n"
        ".I COMMAND\n"
        "[\\fIWORD\\fR...] [\\fIOPTION\\fR...]\n"
        ".SH DESCRIPTION\n"
        "Tongxing lets people log in once, under their real names, and tells partners who they "
        "are by OpenID Connect.\n"
        "The program is the service and the commands of those who operate it.\n"
        "Options may stand anywhere; behind\n"
        ".B \\-\\-\n"
        "there are none.\n"
        "A word or option that a command does not have is refused, and nothing is done.\n"
        "Each command takes\n"
        ".BR \\-\\-help .\n"
        ".SH COMMANDS\n");
    for (const struct command *command = commands; command->name != NULL; command++)
        manual_of(out, command);
    buf_text(
        out,
        ".SH EXIT STATUS\n"
        "0 when all is well, 1 when not, and 2 when it was called wrongly and nothing was done.\n"
        "Standard error says why.\n"
        ".SH FILES\n"
        ".TP\n"
        ".I " DEFAULT_CONFIG "\n"
        "The configuration, read when\n"
        ".B \\-\\-config\n"
        "is not given.\n"
        ".SH SEE ALSO\n"
        ".BR systemctl (1),\n"
        ".BR journalctl (1)\n");
}
