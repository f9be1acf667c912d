/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/kit.h"

static const char file[] =
    "{\"partners\":[{\"client_id\":\"hall\",\"client_name\":\"名\",\"client_name#en\":\"Hall\","
    "\"channel\":\"web\",\"redirect_uris\":[\"https://hall.example/cb\"],"
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\","
    "\"token_endpoint_auth_method\":\"none\"}]}";

static const char changed[] =
    "{\"partners\":[{\"client_id\":\"hall\",\"client_name\":\"名\",\"client_name#en\":\"Hall\","
    "\"channel\":\"web\",\"redirect_uris\":[\"https://hall.example/cb\"],"
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid profile\","
    "\"token_endpoint_auth_method\":\"none\"}]}";

/* That one and another, which has a secret. */
static const char two[] =
    "{\"partners\":[{\"client_id\":\"hall\",\"client_name\":\"名\",\"client_name#en\":\"Hall\","
    "\"channel\":\"web\",\"redirect_uris\":[\"https://hall.example/cb\"],"
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\","
    "\"token_endpoint_auth_method\":\"none\"},"
    "{\"client_id\":\"bus\",\"client_name\":\"公交\",\"client_name#en\":\"Bus\","
    "\"channel\":\"web\",\"redirect_uris\":[\"https://bus.example/cb\"],"
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\","
    "\"token_endpoint_auth_method\":\"client_secret_basic\"}]}";

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
    assert_done("partner apply none --remove 1 --config c", "- hall\n");
}

static void
nobody_is_removed_that_was_not_meant(void **state)
{
    (void)state;
    assert_done("partner apply partners --config c", "+ hall\n");
    assert_done("partner apply none --plan --config c", "- hall\nTo do that, say --remove 1.\n");
    assert_failed("partner apply none --config c",
                  "tongxing: partner apply: the file would remove 1 partners: hall; say --remove 1 "
                  "if that is meant; nothing was changed\n");
    assert_failed("partner apply none --remove 2 --config c", "say --remove 1 if that is meant");
    assert_done("partner apply partners --config c", "= nothing to do\n");
    kit_file("changed", changed);
    assert_failed("partner apply changed --remove 1 --config c",
                  "the file removes nobody, and --remove 1 says it does; nothing was changed");
    assert_done("partner apply partners --config c", "= nothing to do\n");
    assert_done("partner apply changed --plan --config c",
                "~ hall\n  scope: \"openid\" → \"openid profile\"\n");
    assert_done("partner apply none --remove 1 --config c", "- hall\n");
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
    assert_done("partner apply none --remove 1 --config c",
                "- hall\n  1 grants of removed partners ended.\n");
    assert_done("partner apply none --config c", "= nothing to do\n");
    assert_null(strstr(kit_out, "ended"));
}

static void
what_is_not_there_is_told(void **state)
{
    (void)state;
    assert_failed("partner show nobody --config c",
                  "tongxing: partner show: there is no partner nobody; 'partner list' names all");
    assert_failed("partner remove nobody --config c",
                  "tongxing: partner remove: no partner nobody is registered");
    assert_failed("partner secret rotate nobody --config c",
                  "tongxing: partner secret rotate: no partner nobody is registered");
    assert_called_wrongly("partner secret --config c", "there are: partner list, partner show");
}

static void
partners_are_listed_and_shown_without_a_secret(void **state)
{
    (void)state;
    kit_file("two", two);
    assert_done("partner apply two --config c", "client_secret of bus (told this once): ");
    assert_done("partner list --config c", "bus         公交  client_secret_basic  registered  20");
    assert_non_null(strstr(kit_out, "hall        名    none                 registered  20"));
    assert_done("partner list --json --config c",
                "[{\"partner_id\":\"bus\",\"name\":\"公交\",\"authenticates_by\":"
                "\"client_secret_basic\",\"state\":\"registered\",\"since\":");
    assert_non_null(strstr(kit_out, "\"secrets\":1}"));
    assert_done("partner show bus --config c", "state                    registered\n");
    assert_non_null(strstr(kit_out, "secret                   one\n"));
    assert_non_null(strstr(kit_out, "secret since             20"));
    assert_non_null(strstr(kit_out, "redirect uris            [\"https://bus.example/cb\"]\n"));
    assert_done("partner show bus --json --config c", "\"registration\":{\"client_id\":\"bus\"");
}

static void
a_secret_is_rotated_and_told_once(void **state)
{
    (void)state;
    assert_done("partner secret rotate bus --config c", "client_secret of bus (told this once): ");
    assert_non_null(strstr(kit_out, "The one from before is good until 20"));
    assert_non_null(strstr(kit_out, "If the partners file names a client_secret for bus, take it"));
    assert_done("partner show bus --config c", "old secret until         20");
    assert_done("partner list --json --config c", "\"secrets\":2,\"old_secret_until\":");
    assert_done("partner apply two --config c", "= nothing to do\n");
    assert_done(
        "partner secret rotate bus --overlap 0s --config c",
        "The one from before is good for nothing any more.\nThe one before that, good until ");
    assert_done("partner list --json --config c", "\"secrets\":1}");
    assert_failed("partner secret rotate hall --config c",
                  "hall has no secret to rotate: its token_endpoint_auth_method is \"none\"");
    assert_failed("partner secret rotate bus --overlap 91d --config c",
                  "--overlap is at most 90d; nothing was changed");
    assert_called_wrongly("partner secret rotate bus --overlap 2026-11-27 --config c",
                          "--overlap needs a span of time (90s, 30m, 2h or 7d)");
}

static void
one_that_is_removed_keeps_its_secret_for_a_month(void **state)
{
    (void)state;
    assert_done("partner remove bus --config c", "bus is removed. Its secret is kept until 20");
    assert_non_null(strstr(kit_out, "as long as that names bus, the next 'partner apply'"));
    assert_done("partner show bus --config c", "state                    removed\n");
    assert_non_null(strstr(kit_out, "secret kept until        20"));
    assert_failed("partner remove bus --config c", "no partner bus is registered");
    assert_failed("partner secret rotate bus --config c", "no partner bus is registered");
    assert_done("partner apply two --config c",
                "+ bus\n  client_secret: the one it had before it was removed is good again\n");
    assert_null(strstr(kit_out, "told this once"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_tells_and_changes_nothing),
        cmocka_unit_test(the_partners_become_those_of_the_file),
        cmocka_unit_test(a_wrong_file_is_told_and_changes_nothing),
        cmocka_unit_test(the_grants_of_a_removed_partner_end_and_are_told),
        cmocka_unit_test(nobody_is_removed_that_was_not_meant),
        cmocka_unit_test(what_is_not_there_is_told),
        cmocka_unit_test(partners_are_listed_and_shown_without_a_secret),
        cmocka_unit_test(a_secret_is_rotated_and_told_once),
        cmocka_unit_test(one_that_is_removed_keeps_its_secret_for_a_month),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
