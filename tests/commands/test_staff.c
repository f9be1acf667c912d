/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/serving_kit.h"

static void
nobody_is_there_before_one_has_come(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    assert_done("staff list --config c",
                "staff id  state  roles  agency  region  enrolled at  checked at  seen at");
    assert_done("staff list --json --config c", "[]\n");
    assert_failed("staff show li --config c", "nobody of the name li has come here yet");
    assert_failed("staff code li --config c", "nobody of the name li has come here yet");
    assert_failed("staff stop li --config c", "nobody of the name li has come here yet");
    assert_failed("staff start li --config c", "nobody of the name li has come here yet");
}

/* ST-21 */
static void
the_secret_for_the_first_one_is_told_once_for_each_call(void **state)
{
    (void)state;
    assert_done("staff bootstrap --config c", "(told this once): ");
    assert_done("audit --config c --event staff.code", "bootstrap");
    assert_done("staff list --json --config c", "[]\n");
}

static void
it_goes_through_the_door_while_the_service_runs(void **state)
{
    (void)state;
    serve_begin();
    assert_done("staff bootstrap --config c", "It is good once, until ");
    serve_end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_there_before_one_has_come),
        cmocka_unit_test(the_secret_for_the_first_one_is_told_once_for_each_call),
        cmocka_unit_test(it_goes_through_the_door_while_the_service_runs),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
