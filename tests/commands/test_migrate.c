/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static void
a_plan_tells_and_changes_nothing(void **state)
{
    (void)state;
    assert_done("migrate --plan --config c", "0001");
    assert_done("migrate --plan --config c", "0001");
    assert_failed("key list --config c", "run tongxing migrate");
}

static void
the_schema_is_brought_up_to_date_once(void **state)
{
    (void)state;
    assert_done("migrate --config c", "0001");
    assert_done("migrate --config c", "the schema is up to date\n");
    assert_done("migrate --plan --config c", "the schema is up to date\n");
}

static void
a_store_that_cannot_be_opened_is_told(void **state)
{
    (void)state;
    kit_file("astray", "[server]\nissuer = http://127.0.0.1\n[store]\nurl = sqlite:/no/where\n");
    assert_failed("migrate --config astray", "tongxing: the store cannot be opened");
    assert_null(strstr(kit_err, "tongxing: migrate"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_tells_and_changes_nothing),
        cmocka_unit_test(the_schema_is_brought_up_to_date_once),
        cmocka_unit_test(a_store_that_cannot_be_opened_is_told),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
