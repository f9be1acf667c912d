/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

/* What a stop ends is tested with it, in tests/session/test_stop.c. */
static void
a_person_who_is_not_there_is_not_found(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_failed("person block p_nobody --config c", "kek cannot be used");
    assert_done("key init --config c", "");
    assert_failed("person block p_nobody --config c", "tongxing: person block: not_found");
    assert_failed("person unblock p_nobody --config c", "tongxing: person unblock: not_found");
    assert_failed("person deceased p_nobody --config c", "tongxing: person deceased: not_found");
    assert_string_equal(kit_out, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_who_is_not_there_is_not_found),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
