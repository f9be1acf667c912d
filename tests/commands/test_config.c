/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

/* What it writes is looked at in tests/server/config/test_config_template.c. */
static void
a_template_can_be_written_into_a_file_and_checked(void **state)
{
    (void)state;
    assert_done("config template", "\n[server]\n");
    kit_file("fresh", kit_out);
    assert_failed("check-config --config fresh", "fresh is wrong where it is told above");
    assert_non_null(strstr(kit_out, "server.issuer must not be empty."));
}

/* ST-17; what it hides is looked at in tests/server/config/test_config_told.c. */
static void
every_setting_is_shown_and_no_secret(void **state)
{
    (void)state;
    kit_file("secretive", "[server]\nissuer = http://127.0.0.1\n[store]\n"
                          "url = postgresql://t:S3CRET@127.0.0.1/t\n");
    assert_done("config show --config secretive", "postgresql://t:********@127.0.0.1/t");
    assert_null(strstr(kit_out, "S3CRET"));
    assert_done("config show --config secretive --json", "\"setting\":\"server.workers\"");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_can_be_written_into_a_file_and_checked),
        cmocka_unit_test(every_setting_is_shown_and_no_secret),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
