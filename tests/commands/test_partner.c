/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static const char file[] =
    "{\"partners\":[{\"client_id\":\"hall\",\"client_name\":\"名\",\"client_name#en\":\"Hall\","
    "\"channel\":\"web\",\"redirect_uris\":[\"https://hall.example/cb\"],"
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\","
    "\"token_endpoint_auth_method\":\"none\"}]}";

static void
a_plan_tells_and_changes_nothing(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    kit_file("partners", file);
    assert_done("partner apply partners --plan --config c", "+ hall\n");
    assert_done("partner apply --plan partners --config c", "+ hall\n");
}

static void
the_partners_become_those_of_the_file(void **state)
{
    (void)state;
    assert_done("partner apply partners --config c", "+ hall\n");
    assert_done("partner apply partners --config c", "= nothing to do\n");
    kit_file("none", "{\"partners\":[]}");
    assert_done("partner apply none --config c", "- hall\n");
}

static void
a_wrong_file_is_told_and_changes_nothing(void **state)
{
    (void)state;
    kit_file("wrong", "{\"partners\":[{\"client_id\":\"hall\"}]}");
    assert_failed("partner apply wrong --config c", "tongxing: partner apply: wrong is wrong");
    assert_non_null(strstr(kit_out, "! hall: "));
    assert_failed("partner apply nowhere --config c", "nowhere cannot be read");
    assert_done("partner apply none --config c", "= nothing to do\n");
}

/* Whoever removes a partner learns how many could still have used it. */
static void
the_grants_of_a_removed_partner_end_and_are_told(void **state)
{
    (void)state;
    assert_done("partner apply partners --config c", "+ hall\n");
    kit_sql("INSERT INTO partner_grant (grant_id, person_id, partner_id, sid, scope, claims, acr,"
            " amr, auth_time, offline, generation, rotated_at, created_at, expires_at, ended_at)"
            " VALUES ('g_1', 'p_1', 'hall', 's_1', 'openid', '', '', 'pwd', 1, 0, 1, 1, 1,"
            " 99999999999, 0)");
    assert_done("partner apply none --config c", "- hall\n  1 grants of removed partners ended.\n");
    assert_done("partner apply none --config c", "= nothing to do\n");
    assert_null(strstr(kit_out, "ended"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_tells_and_changes_nothing),
        cmocka_unit_test(the_partners_become_those_of_the_file),
        cmocka_unit_test(a_wrong_file_is_told_and_changes_nothing),
        cmocka_unit_test(the_grants_of_a_removed_partner_end_and_are_told),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
