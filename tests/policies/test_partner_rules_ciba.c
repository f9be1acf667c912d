/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of partners that ask over another line. */
#include "tests/policies/partner_rules_kit.h"

/* OpenID Connect CIBA Core 1.0, 4: what a registration may say of it, and only where it has an effect. */
static void
who_asks_over_another_line_says_how(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.grant_types = GRANT_TYPE_CIBA;
    profile.redirect_uris.count = 0;
    assert_sound(*state, &profile);
    assert_string_equal(profile.backchannel_mode, "poll");
    assert_string_equal(profile.backchannel_approval, "link");
    profile.backchannel_mode = "ping";
    assert_fault(*state, profile, "backchannel_client_notification_endpoint");
    profile.backchannel_notify_uri = "https://hall.example/cb";
    assert_sound(*state, &profile);
    profile.backchannel_notify_uri = "https://hall.example/cb#x";
    assert_fault(*state, profile, "backchannel_client_notification_endpoint");
    profile.backchannel_notify_uri = "https://hall.example/cb";
    profile.backchannel_mode = "poll";
    assert_fault(*state, profile, "backchannel_client_notification_endpoint");
    profile.backchannel_notify_uri = "";
    profile.backchannel_request_alg = "ES256";
    assert_fault(*state, profile, "backchannel_authentication_request_signing_alg");
    profile.jwks = "{}";
    assert_sound(*state, &profile);
    profile.backchannel_approval = "reply";
    assert_fault(*state, profile, "backchannel_approval");
    profile.channel = "message";
    assert_sound(*state, &profile);
    profile.auth_method = "none";
    profile.require_pkce = ANSWER_NONE;
    assert_fault(*state, profile, "grant_types");
}

static void
who_does_not_says_nothing_of_it(void **state)
{
    struct partner_profile profile = sound_profile();

    assert_sound(*state, &profile);
    assert_string_equal(profile.backchannel_mode, "");
    assert_string_equal(profile.backchannel_approval, "");
    profile.backchannel_mode = "poll";
    assert_fault(*state, profile, "backchannel_token_delivery_mode");
    profile.backchannel_mode = "";
    profile.backchannel_approval = "page";
    assert_fault(*state, profile, "backchannel_approval");
    profile.backchannel_approval = "";
    profile.jwks = "{}";
    profile.backchannel_request_alg = "ES256";
    assert_fault(*state, profile, "backchannel_authentication_request_signing_alg");
    profile.backchannel_request_alg = "";
    profile.backchannel_notify_uri = "https://hall.example/cb";
    assert_fault(*state, profile, "backchannel_client_notification_endpoint");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(who_asks_over_another_line_says_how),
        WITH_ARENA(who_does_not_says_nothing_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
