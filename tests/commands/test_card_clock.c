/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static void
it_says_what_the_clock_is_and_begins_anew(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "8 keys made.\n");
    assert_done("card clock --plan --config c", "would be dead");
    assert_done("card clock --config c", "The clock says 20");
    assert_non_null(strstr(kit_out, "are dead; new ones are good at once"));
    assert_done("audit --config c", "card.clock");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_the_clock_is_and_begins_anew),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
