/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static void
it_lists_all_commands_or_those_of_a_word(void **state)
{
    (void)state;
    assert_done("help", "usage: tongxing COMMAND");
    for (const struct command *command = commands; command->name != NULL; command++)
        assert_non_null(strstr(kit_out, command->help));
    assert_done("help person", "person enable PERSON");
    assert_null(strstr(kit_out, "key list"));
}

static void
it_tells_words_and_options_of_one_command(void **state)
{
    (void)state;
    assert_done("help key rotate", "usage: tongxing key rotate [ALGORITHM] [--config FILE]");
    assert_non_null(
        strstr(kit_out, "One of ES256, RS256, EdDSA, SGD_SM3_SM2. ES256 when left out."));
    assert_done("help partner secret rotate", "partner secret rotate PARTNER [--config FILE]");
    assert_done("help partner apply", "partner apply FILE [--config FILE] [--plan] [--remove N]");
}

static void
it_knows_of_no_other_command(void **state)
{
    (void)state;
    assert_failed("help key turn", "help: there is no command \"key turn\"");
    assert_failed("help ke", "help: there is no command \"ke\"");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lists_all_commands_or_those_of_a_word),
        cmocka_unit_test(it_tells_words_and_options_of_one_command),
        cmocka_unit_test(it_knows_of_no_other_command),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
