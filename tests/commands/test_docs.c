/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static void
every_document_that_can_be_asked_for_is_written(void **state)
{
    size_t used = 0;
    const struct command *docs = command_find((const char *const[]) { "docs" }, 1, &used);
    char line[64];

    (void)state;
    assert_non_null(docs);
    for (const char *const *name = docs->words[0].one_of; *name != NULL; name++) {
        snprintf(line, sizeof(line), "docs %s", *name);
        assert_done(line, "do not edit");
    }
}

static void
the_document_of_commands_has_all_of_them(void **state)
{
    char heading[64];

    (void)state;
    assert_done("docs commands", "# Commands\n");
    for (const struct command *command = commands; command->name != NULL; command++) {
        snprintf(heading, sizeof(heading), "\n## %s\n", command->name);
        assert_non_null(strstr(kit_out, heading));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_document_that_can_be_asked_for_is_written),
        cmocka_unit_test(the_document_of_commands_has_all_of_them),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
