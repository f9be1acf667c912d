/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/commands/serving_kit.h"

static const char file[] =
    "{\"partners\":[{\"client_id\":\"kiosks\",\"client_name\":\"终端\",\"channel\":\"terminal\","
    "\"token_endpoint_auth_method\":\"private_key_jwt\",\"grant_types\":[\"refresh_token\"],"
    "\"scope\":\"openid\"},"
    "{\"client_id\":\"hall\",\"client_name\":\"厅\",\"redirect_uris\":[\"https://hall.example/cb\"],"
    "\"token_endpoint_auth_method\":\"none\",\"grant_types\":[\"authorization_code\"],"
    "\"scope\":\"openid\"}]}";

static char terminal[16];

static const char *
of_terminal(const char *verb)
{
    static char line[64];

    snprintf(line, sizeof(line), "terminal %s %s --config c", verb, terminal);
    return line;
}

static void
nothing_is_there_before_one_is_added(void **state)
{
    (void)state;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    kit_file("partners", file);
    assert_done("partner apply partners --config c", "+ kiosks\n");
    assert_done(
        "terminal list --config c",
        "terminal id  partner id  state  place  agency  code until  enrolled at  retired at");
    assert_done("terminal list --json --config c", "[]\n");
}

static void
one_is_added_for_a_partner_of_its_channel_alone(void **state)
{
    (void)state;
    assert_failed("terminal add --partner kiosks --place Hall --config c",
                  "say --partner, --place and --agency; nothing was changed");
    assert_failed("terminal add --partner nobody --place Hall --agency Bureau --config c",
                  "no partner nobody is registered");
    assert_failed("terminal add --partner hall --place Hall --agency Bureau --config c",
                  "hall is no partner of channel terminal");
    assert_failed(
        "terminal add --partner kiosks --place "
        "1234567890123456789012345678901234567890123456789012345678901 --agency B --config c",
        "--place and --agency are texts of 1 to 60 characters");
    assert_done("terminal list --json --config c", "[]\n");
}

static void
its_code_is_told_once(void **state)
{
    const char *at;

    (void)state;
    assert_done("terminal add --partner kiosks --place Hall --agency Bureau --config c",
                "(told this once): ");
    at = strstr(kit_out, "t_");
    assert_non_null(at);
    snprintf(terminal, sizeof(terminal), "%.12s", at);
    assert_done("terminal list --config c", "kiosks      announced  Hall   Bureau");
    assert_null(strstr(kit_out, "code of"));
    assert_done("terminal list --json --config c", "\"state\":\"announced\"");
    assert_done(of_terminal("show"), "announced");
    assert_done(of_terminal("code"), "It is good once, until ");
    assert_done("audit --config c --event terminal.change", "code");
}

static void
a_retired_one_is_retired_for_good(void **state)
{
    (void)state;
    assert_done(of_terminal("retire"),
                "is retired: nothing is taken from it any more, on any node. 0 "
                "sessions at it have ended.");
    assert_failed(of_terminal("retire"), "is retired already");
    assert_failed(of_terminal("code"), "or it is retired");
    assert_done("terminal list --config c", "retired");
    assert_failed("terminal show t_0000000000 --config c", "there is no terminal t_0000000000");
    assert_failed("terminal retire t_0000000000 --config c", "there is no terminal t_0000000000");
}

static void
all_of_it_goes_through_the_door_while_the_service_runs(void **state)
{
    (void)state;
    serve_begin();
    assert_done("terminal add --partner kiosks --place Door --agency Bureau --config c",
                "(told this once): ");
    assert_done("terminal list --config c", "Door");
    serve_end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_there_before_one_is_added),
        cmocka_unit_test(one_is_added_for_a_partner_of_its_channel_alone),
        cmocka_unit_test(its_code_is_told_once),
        cmocka_unit_test(a_retired_one_is_retired_for_good),
        cmocka_unit_test(all_of_it_goes_through_the_door_while_the_service_runs),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
