/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static void
it_prints_name_and_version(void **state)
{
    (void)state;
    assert_done("version", "tongxing " TONGXING_VERSION "\n");
    assert_done("--version", "tongxing " TONGXING_VERSION "\n");
    assert_string_equal(kit_err, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_prints_name_and_version),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
