/* SPDX-License-Identifier: Apache-2.0 */
/* The whole table, walked: what a command does not take is refused, and nothing is done. */
#include "tests/commands/kit.h"

/* A command line with as many words as the command may have at most, all of them right. */
static const char *
full_line(const struct command *command)
{
    static char line[512];
    size_t at = (size_t)snprintf(line, sizeof(line), "%s", command->name);

    for (const struct command_word *word = command->words; word->name != NULL; word++)
        at += (size_t)snprintf(line + at, sizeof(line) - at, " %s",
                               word->one_of != NULL ? word->one_of[0] : "word");
    return line;
}

static size_t
words_needed(const struct command *command)
{
    size_t needed = 0;

    for (const struct command_word *word = command->words; word->name != NULL; word++)
        needed += !word->optional;
    return needed;
}

static void
with_option(char *line, size_t size, const char *before, const struct command_option *option)
{
    static const char *const values[] = {
        [OPTION_SWITCH] = "",  [OPTION_TEXT] = " c",  [OPTION_NUMBER] = " 1",
        [OPTION_WHEN] = " 2h", [OPTION_SPAN] = " 2h",
    };

    snprintf(line, size, "%s --%s%s", before, option->name, values[option->type]);
}

static void
a_command_refuses_every_option_that_its_row_does_not_have(void **state)
{
    char line[512];

    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++)
        for (size_t i = 0; command_options[i] != NULL; i++) {
            if (command_takes(command, command_options[i]))
                continue;
            with_option(line, sizeof(line), full_line(command), command_options[i]);
            assert_called_wrongly(line, "takes no --");
        }
}

static void
a_command_refuses_an_option_that_stands_twice(void **state)
{
    char once[512];
    char twice[2 * sizeof(once)];

    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++)
        for (size_t i = 0; command_options[i] != NULL; i++) {
            with_option(once, sizeof(once), full_line(command), command_options[i]);
            with_option(twice, sizeof(twice), once, command_options[i]);
            assert_called_wrongly(twice, "stands twice");
        }
}

static void
an_option_refuses_a_value_that_is_none_of_its_type(void **state)
{
    static const char *const sentences[] = {
        [OPTION_NUMBER] = "needs a whole number, not \"x\"",
        [OPTION_WHEN] = "ago), not \"x\"",
        [OPTION_SPAN] = "7d), not \"x\"",
    };
    char line[512];

    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++)
        for (size_t i = 0; command->options[i] != NULL; i++) {
            if (command->options[i]->type == OPTION_SWITCH ||
                command->options[i]->type == OPTION_TEXT)
                continue;
            snprintf(line, sizeof(line), "%s --%s x", full_line(command),
                     command->options[i]->name);
            assert_called_wrongly(line, sentences[command->options[i]->type]);
        }
}

static void
a_command_refuses_a_word_too_many(void **state)
{
    char line[512];

    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++) {
        snprintf(line, sizeof(line), "%s extra", full_line(command));
        assert_called_wrongly(line, "has no use for \"extra\"");
    }
}

static void
a_command_refuses_a_word_too_few(void **state)
{
    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++)
        if (words_needed(command) > 0)
            assert_called_wrongly(command->name, "needs a word more");
}

static void
a_command_refuses_a_word_that_is_none_of_its_choices(void **state)
{
    char line[512];

    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++)
        for (size_t i = 0; command->words[i].name != NULL; i++) {
            if (command->words[i].one_of == NULL)
                continue;
            snprintf(line, sizeof(line), "%s%.*s nonsense", command->name, (int)(2 * i), " x x x");
            assert_called_wrongly(line, "not \"nonsense\"");
        }
}

static void
every_command_has_help_that_does_nothing(void **state)
{
    char line[512];
    int files = kit_files(NULL);

    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++) {
        snprintf(line, sizeof(line), "%s --help", command->name);
        assert_done(line, command->help);
        snprintf(line, sizeof(line), "-h %s", command->name);
        assert_done(line, "usage: tongxing ");
    }
    assert_int_equal(kit_files(NULL), files);
}

/* --- What must be there before a command can do its work, and is not --- */

static void
assert_missing(const struct command *command, const char *config, const char *sentence)
{
    char line[512];

    kit_file("word", "{\"partners\":[]}");
    snprintf(line, sizeof(line), "%s --config %s", full_line(command), config);
    assert_failed(line, sentence);
    assert_string_equal(kit_out, "");
}

static bool
begins_by_itself(const struct command *command)
{
    return strcmp(command->name, "serve") == 0 || strcmp(command->name, "key init") == 0;
}

static void
without_a_configuration_a_command_says_so(void **state)
{
    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++)
        if (command->need >= NEED_SETTINGS)
            assert_missing(command, "nowhere", "nowhere");
}

static void
without_a_schema_a_command_says_what_makes_it(void **state)
{
    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++)
        if (command->need >= NEED_SCHEMA)
            assert_missing(command, "c", "tongxing migrate");
}

/* After the one before it: the schema is there from now on. */
static void
without_the_key_encryption_key_a_command_says_so(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    for (const struct command *command = commands; command->name != NULL; command++)
        if (command->need >= NEED_KEYS && !begins_by_itself(command))
            assert_missing(command, "c", "kek cannot be used; the log says why");
}

/* Of two names of which one begins the other, the longer one is meant. */
static void
every_row_is_whole_and_found_by_its_name(void **state)
{
    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++) {
        char name[64];
        char *rest = name;
        const char *words[4];
        size_t count = 0;
        size_t used = 0;

        snprintf(name, sizeof(name), "%s", command->name);
        while (rest != NULL && count < 4)
            words[count++] = strsep(&rest, " ");
        assert_ptr_equal(command_find(words, count, &used), command);
        assert_int_equal(used, count);
        assert_non_null(command->run);
        assert_int_equal(command->help[strlen(command->help) - 1], '.');
    }
}

static void
what_is_no_command_is_refused(void **state)
{
    (void)state;
    assert_called_wrongly("", "usage: tongxing COMMAND");
    assert_called_wrongly("--config c", "usage: tongxing COMMAND");
    assert_called_wrongly("sing", "there is no command \"sing\"");
    assert_called_wrongly("serv", "there is no command \"serv\"");
    assert_called_wrongly("key", "there are: key list, key init, key rotate, key retire.");
    assert_called_wrongly("key lsit", "no command \"key lsit\"; there are: key list");
    assert_called_wrongly("sing --help", "there is no command \"sing\"");
    assert_called_wrongly("key --help", "there are: key list, key init, key rotate, key retire.");
}

static void
what_is_no_option_is_refused(void **state)
{
    (void)state;
    assert_called_wrongly("migrate --plans", "there is no option --plans.");
    assert_called_wrongly("migrate --pla", "there is no option --pla.");
    assert_called_wrongly("migrate -p", "there is no option -p.");
    assert_called_wrongly("migrate -cx", "there is no option -cx.");
    assert_called_wrongly("migrate --plan=yes", "--plan takes no value.");
    assert_called_wrongly("migrate --config", "--config needs a value: --config FILE.");
    assert_called_wrongly("migrate --config=", "--config needs a value: --config FILE.");
    assert_called_wrongly("--version --plan", "version takes no --plan.");
}

static void
an_option_may_stand_anywhere_but_behind_two_dashes(void **state)
{
    (void)state;
    assert_done("--config c check-config", "c: the configuration is right.");
    assert_done("check-config --config=c", "c: the configuration is right.");
    assert_done("check-config -c c", "c: the configuration is right.");
    assert_called_wrongly("check-config -- --config", "has no use for \"--config\"");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_refuses_every_option_that_its_row_does_not_have),
        cmocka_unit_test(a_command_refuses_an_option_that_stands_twice),
        cmocka_unit_test(an_option_refuses_a_value_that_is_none_of_its_type),
        cmocka_unit_test(a_command_refuses_a_word_too_many),
        cmocka_unit_test(a_command_refuses_a_word_too_few),
        cmocka_unit_test(a_command_refuses_a_word_that_is_none_of_its_choices),
        cmocka_unit_test(every_command_has_help_that_does_nothing),
        cmocka_unit_test(every_row_is_whole_and_found_by_its_name),
        cmocka_unit_test(what_is_no_command_is_refused),
        cmocka_unit_test(what_is_no_option_is_refused),
        cmocka_unit_test(an_option_may_stand_anywhere_but_behind_two_dashes),
        cmocka_unit_test(without_a_configuration_a_command_says_so),
        cmocka_unit_test(without_a_schema_a_command_says_what_makes_it),
        cmocka_unit_test(without_the_key_encryption_key_a_command_says_so),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
