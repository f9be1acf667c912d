/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of partners with terminals, and of those that ask over another line. */
#include "tests/policies/partner_rules_kit.h"

static void
assert_file_fault(struct arena *arena, const struct partner_profile *profile, const char *begins)
{
    const char *complaint = partner_rules_check_file(arena, profile);

    assert_non_null(complaint);
    if (!text_starts(complaint, begins))
        assert_string_equal(complaint, begins);
}

static void
a_partner_with_terminals_has_their_keys_and_no_other_way_in(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.channel = "terminal";
    profile.grant_types = "refresh_token";
    assert_file_fault(*state, &profile,
                      "token_endpoint_auth_method: must be private_key_jwt on the");
    profile.auth_method = "none";
    assert_file_fault(*state, &profile, "token_endpoint_auth_method: ");
    profile.auth_method = "private_key_jwt";
    assert_sound(*state, &profile);
    assert_null(partner_rules_check_file(*state, &profile));
    profile.jwks = "{\"keys\":[]}";
    assert_file_fault(*state, &profile, "jwks: is not for the channel terminal");
}

static void
cards_are_read_at_terminals_where_nobody_is_asked(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.auth_method = "private_key_jwt";
    profile.jwks = "{}";
    profile.grant_types = GRANT_TYPE_CARD_PIN;
    assert_file_fault(*state, &profile, "grant_types: " GRANT_TYPE_CARD_PIN " is for the channel");
    profile.channel = "terminal";
    profile.jwks = "";
    assert_file_fault(*state, &profile, "consent: must be implied with ");
    profile.consent_implied = true;
    assert_null(partner_rules_check_file(*state, &profile));
}

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
        WITH_ARENA(a_partner_with_terminals_has_their_keys_and_no_other_way_in),
        WITH_ARENA(cards_are_read_at_terminals_where_nobody_is_asked),
        WITH_ARENA(who_asks_over_another_line_says_how),
        WITH_ARENA(who_does_not_says_nothing_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
