/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

/* That it serves is what every test from outside shows. */
static void
it_does_not_start_on_what_is_not_ready(void **state)
{
    (void)state;
    assert_failed("serve --config nowhere", "nowhere");
    assert_failed("serve --config c", "tongxing: serve: ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_does_not_start_on_what_is_not_ready),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
