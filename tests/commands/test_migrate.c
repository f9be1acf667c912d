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

/* It says what is wrong where errors are said, and touches nothing. */
static void
a_schema_that_is_not_ours_is_refused(void **state)
{
    (void)state;
    kit_sql("UPDATE schema_migration SET checksum = 'other' WHERE version = 1");
    assert_failed("migrate --config c", "0001_foundation.sql of another text");
    assert_string_equal(kit_out, "");
    assert_failed("migrate --plan --config c", "0001_foundation.sql of another text");
    assert_failed("key list --config c", "0001_foundation.sql of another text");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_tells_and_changes_nothing),
        cmocka_unit_test(the_schema_is_brought_up_to_date_once),
        cmocka_unit_test(a_store_that_cannot_be_opened_is_told),
        cmocka_unit_test(a_schema_that_is_not_ours_is_refused),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
