/* SPDX-License-Identifier: Apache-2.0 */
/* What partners of one file are to each other: redirect addresses (AZ-35) and audiences. */
#include "tests/partner/kit.h"

#define SHARING ",\"shared_redirect_uris\":true"
#define AT_AA(id, more)                                                                            \
    "{\"client_id\":\"" id "\",\"client_name\":\"名\","                                           \
    "\"redirect_uris\":[\"https://aa.example/cb\"]" PUBLIC more "}"

#define ON_LOOPBACK(id, uri, more)                                                                 \
    "{\"client_id\":\"" id "\",\"client_name\":\"名\",\"client_name#en\":\"Name\","               \
    "\"channel\":\"app\",\"redirect_uris\":[\"" uri "\"],"                                         \
    "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid\"" PUBLIC more "}"
#define NATIVE ",\"application_type\":\"native\""

#define RESOURCES(words) BASIC ",\"resources\":\"" words "\""
#define AUDIENCE(words) PUBLIC ",\"audience\":\"" words "\""

static void
az_35_a_redirect_uri_of_two_partners_is_refused(void **state)
{
    struct world *w = *state;

    assert_file_refused(w,
                        FILE_OF(ONE("aa", PUBLIC) ",{\"client_id\":\"bb\",\"client_name\":\"名\","
                                                  "\"client_name#en\":\"Name\",\"channel\":\"web\","
                                                  "\"redirect_uris\":[\"https://aa.example/cb\"],"
                                                  "\"grant_types\":[\"authorization_code\"],"
                                                  "\"scope\":\"openid\"" PUBLIC "}"),
                        "! bb: redirect_uris: https://aa.example/cb is one of aa too; both must "
                        "say shared_redirect_uris.");
}

static void
az_35_two_that_both_say_so_share_a_redirect_uri_and_the_plan_tells(void **state)
{
    static const char both[] = FILE_OF(AT_AA("aa", SHARING) "," AT_AA("bb", SHARING));
    static const char words[] = "both must say shared_redirect_uris.";
    struct world *w = *state;

    applied(w, FILE_OF(""));
    assert_file_refused(w, FILE_OF(AT_AA("aa", SHARING) "," AT_AA("bb", "")), words);
    assert_file_refused(w, FILE_OF(AT_AA("aa", "") "," AT_AA("bb", SHARING)), words);
    assert_string_equal(planned(w, both), "+ aa\n  aa shares https://aa.example/cb with bb\n"
                                          "+ bb\n  bb shares https://aa.example/cb with aa\n");
    applied(w, both);
    assert_true(partner_of(w, "bb")->profile.shared_redirect_uris);
    assert_string_equal(planned(w, both), "= nothing to do\n");
    assert_file_refused(w, FILE_OF(AT_AA("aa", SHARING)),
                        "! aa: shared_redirect_uris: no other partner has one");
}

/* Whatever port is registered, a native partner may ask for any other (RFC 8252, 7.3). */
static void
az_35_a_loopback_address_on_another_port_is_the_same_for_native_partners(void **state)
{
    static const char words[] = "both must say shared_redirect_uris.";
    struct world *w = *state;

    assert_file_refused(
        w,
        FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb",
                            NATIVE) "," ON_LOOPBACK("bb", "http://127.0.0.1:9002/cb", NATIVE)),
        words);
    assert_file_refused(
        w,
        FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb",
                            NATIVE) "," ON_LOOPBACK("bb", "http://127.0.0.1:9002/cb", "")),
        words);
    assert_file_refused(w,
                        FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb", "") "," ON_LOOPBACK(
                            "bb", "http://127.0.0.1:9002/cb", NATIVE)),
                        words);
    applied(w, FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb", NATIVE) "," ON_LOOPBACK(
                   "bb", "http://127.0.0.1:9002/other", NATIVE)));
    applied(w, FILE_OF(ON_LOOPBACK("aa", "http://127.0.0.1:9001/cb",
                                   "") "," ON_LOOPBACK("bb", "http://127.0.0.1:9002/cb", "")));
}

static void
k2_an_audience_is_answered_for_by_one_partner(void **state)
{
    struct world *w = *state;

    applied(w, FILE_OF(""));
    assert_file_refused(w, FILE_OF(ONE("aa", RESOURCES("x y")) "," ONE("bb", RESOURCES("z y"))),
                        "! bb: resources: y belongs to aa already.");
    assert_file_refused(w, FILE_OF(ONE("aa", RESOURCES("bb")) "," ONE("bb", PUBLIC)),
                        "! aa: resources: bb is the client_id of another partner.");
    assert_file_refused(w, FILE_OF(ONE("aa", RESOURCES(WORLD_ISSUER))),
                        "! aa: resources: the issuer is the audience of every person's token");
    assert_file_refused(w, FILE_OF(ONE("aa", PUBLIC ",\"resources\":\"x\"")),
                        "! aa: resources: are for partners that prove who they are");
    assert_string_equal(
        planned(w, FILE_OF(ONE("aa", RESOURCES("x y")) "," ONE("bb", AUDIENCE("x")))),
        "+ aa\n  aa answers for y, which is nobody's audience\n+ bb\n");
}

/* --- Apps (docs/adr/0047) --- */

#define EXCHANGING                                                                                 \
    ",\"token_endpoint_auth_method\":\"none\",\"grant_types\":[\"authorization_code\","            \
    "\"urn:ietf:params:oauth:grant-type:token-exchange\"]"
#define APP(id, more)                                                                              \
    "{\"client_id\":\"" id "\",\"client_name\":\"名\",\"application_type\":\"native\","           \
    "\"redirect_uris\":[\"https://" id ".example/cb\"]" EXCHANGING more "}"
#define GROUP(name) ",\"native_sso_group\":\"" name "\""
#define OPENS(list) ",\"browser_ticket_partners\":\"" list "\""

static void
a_group_of_one_app_is_refused(void **state)
{
    struct world *w = *state;

    assert_file_refused(w, FILE_OF(APP("aa", GROUP("one")) "," APP("bb", GROUP("two"))),
                        "! aa: native_sso_group: no other partner says one.");
    applied(w, FILE_OF(APP("aa", GROUP("one")) "," APP("bb", GROUP("one"))));
}

static void
an_app_opens_pages_of_partners_that_begin_logins(void **state)
{
    static const char words[] = "there is no partner web with an initiate_login_uri.";
    struct world *w = *state;

    assert_file_refused(w, FILE_OF(APP("aa", OPENS("web"))), words);
    assert_file_refused(w, FILE_OF(APP("aa", OPENS("web")) "," ONE("web", PUBLIC)), words);
    applied(w, FILE_OF(APP("aa", OPENS("web")) "," ONE(
                   "web", PUBLIC ",\"initiate_login_uri\":\"https://web.example/start\"")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(az_35_a_redirect_uri_of_two_partners_is_refused),
        world_test(az_35_two_that_both_say_so_share_a_redirect_uri_and_the_plan_tells),
        world_test(az_35_a_loopback_address_on_another_port_is_the_same_for_native_partners),
        world_test(k2_an_audience_is_answered_for_by_one_partner),
        world_test(a_group_of_one_app_is_refused),
        world_test(an_app_opens_pages_of_partners_that_begin_logins),
    };

    return world_run(tests);
}
