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
    assert_failed("partner apply wrong --config c", "tongxing: partner apply: invalid");
    assert_non_null(strstr(kit_out, "! hall: "));
    assert_failed("partner apply nowhere --config c", "tongxing: partner apply: invalid");
    assert_done("partner apply none --config c", "= nothing to do\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_tells_and_changes_nothing),
        cmocka_unit_test(the_partners_become_those_of_the_file),
        cmocka_unit_test(a_wrong_file_is_told_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
