/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

/* What a stop ends is tested with it, in tests/session/test_stop.c. */
static void
a_person_who_is_not_there_is_not_found(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_failed("person disable p_nobody --config c", "kek cannot be used");
    assert_done("key init --config c", "");
    assert_failed("person disable p_nobody --config c",
                  "tongxing: person disable: there is no person p_nobody");
    assert_failed("person enable p_nobody --config c",
                  "tongxing: person enable: there is no person p_nobody");
    assert_failed("person deceased p_nobody --config c",
                  "tongxing: person deceased: there is no person p_nobody");
    assert_string_equal(kit_out, "");
}

static void
a_person_is_stopped_and_let_in_again_unless_her_account_is_closed(void **state)
{
    (void)state;
    kit_sql("INSERT INTO person (person_id, state, name_sealed, identity_sealed, phone_sealed,"
            " birth_date, phone_verified_at, created_at, updated_at)"
            " VALUES ('p_1', 1, x'', x'', x'', 0, 0, 1, 1)");
    assert_done("person disable p_1 --config c", "Done.\n");
    assert_done("person enable p_1 --config c", "Done.\n");
    assert_done("person deceased p_1 --config c", "Done.\n");
    assert_done("person enable p_1 --config c", "Done.\n");
    kit_sql("UPDATE person SET state = 3");
    assert_failed("person enable p_1 --config c",
                  "tongxing: person enable: the account of p_1 is closed");
    assert_string_equal(kit_out, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_who_is_not_there_is_not_found),
        cmocka_unit_test(a_person_is_stopped_and_let_in_again_unless_her_account_is_closed),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
