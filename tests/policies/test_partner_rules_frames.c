/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner may say of how it is told of logouts: by a call, or in a frame (OpenID Connect
 * Front-Channel Logout 1.0, 2). */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/partner_rules.h"

/* What is wrong with a partner of hall.example that says this of its logout; NULL: nothing. */
static const char *
complaint_of(struct arena *arena, const char *redirect_uri, const char *members)
{
    const char *json =
        arena_printf(arena,
                     "{\"client_id\":\"hall\",\"client_name\":\"大厅\",\"application_type\":"
                     "\"%s\",\"redirect_uris\":[\"%s\"]%s}",
                     text_starts(redirect_uri, "http") ? "web" : "native", redirect_uri, members);
    struct partner_profile profile;

    return partner_profile_parse(arena, json, strlen(json), &profile);
}

static const char *
frame_at(struct arena *arena, const char *uri)
{
    return complaint_of(arena, "https://hall.example/cb",
                        arena_printf(arena, ",\"frontchannel_logout_uri\":\"%s\"", uri));
}

static void
it_stands_where_the_partners_pages_stand(void **state)
{
    static const char *const good[] = { "https://hall.example/out",
                                        "https://hall.example:443/out?of=tongxing",
                                        "https://hall.example" };
    static const char *const bad[] = { "https://hall.example:8443/out",
                                       "https://www.hall.example/out",
                                       "https://hall.example.evil.example/out",
                                       "http://hall.example/out",
                                       "com.hall.app:/out",
                                       "https://hall.example/out#here" };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(frame_at(*state, good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(text_starts(frame_at(*state, bad[i]), "frontchannel_logout_uri: must "));
}

static void
an_app_has_no_page_to_stand_beside(void **state)
{
    assert_true(text_starts(
        complaint_of(*state, "com.hall.app:/cb",
                     ",\"frontchannel_logout_uri\":\"https://hall.example/out\""),
        "frontchannel_logout_uri: must have scheme, host and port of one of redirect_uris"));
}

static void
a_session_is_required_where_there_is_a_frame(void **state)
{
    const char *required = ",\"frontchannel_logout_session_required\":true";

    assert_string_equal(complaint_of(*state, "https://hall.example/cb", required),
                        "frontchannel_logout_session_required: is for partners with a "
                        "frontchannel_logout_uri");
    assert_null(
        complaint_of(*state, "https://hall.example/cb",
                     ",\"frontchannel_logout_session_required\":true,\"frontchannel_logout_uri\":"
                     "\"https://hall.example/out\""));
}

/* What a version before has stored is not judged by this: only files are. */
static void
k13_a_session_is_required_where_logouts_are_told(void **state)
{
    struct partner_profile profile = { .backchannel_logout_session_required = true,
                                       .backchannel_logout_uri = "" };

    assert_string_equal(partner_rules_check_file(*state, &profile),
                        "backchannel_logout_session_required: is for partners with a "
                        "backchannel_logout_uri");
    profile.backchannel_logout_uri = "https://hall.example/out";
    assert_null(partner_rules_check_file(*state, &profile));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(it_stands_where_the_partners_pages_stand),
        WITH_ARENA(an_app_has_no_page_to_stand_beside),
        WITH_ARENA(k13_a_session_is_required_where_logouts_are_told),
        WITH_ARENA(a_session_is_required_where_there_is_a_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
