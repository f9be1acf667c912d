/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/partner_rules.h"

/* What the parser gives for a small confidential partner of the web. */
static struct partner_profile
sound_profile(void)
{
    return (struct partner_profile) {
        .partner_id = "hall",
        .name_zh = "大厅",
        .name_en = "",
        .channel = "web",
        .auth_method = "client_secret_basic",
        .auth_signing_alg = "",
        .assertion_audience = "",
        .jwks = "",
        .redirect_uris = { { "https://hall.example/cb" }, 1 },
        .grant_types = "authorization_code",
        .response_modes = "",
        .scope = "openid",
        .audience = "",
        .resources = "",
        .access_token_typ = "at+jwt",
        .require_pkce = ANSWER_NONE,
        .pairwise = true,
        .sector_identifier = "",
        .initiate_login_uri = "",
        .client_uri = "",
        .backchannel_logout_uri = "",
        .frontchannel_logout_uri = "",
        .policy_uri = "",
        .tos_uri = "",
    };
}

static void
assert_sound(struct arena *arena, struct partner_profile *profile)
{
    partner_rules_complete(arena, profile);
    assert_null(partner_rules_check(arena, profile));
}

static void
assert_fault(struct arena *arena, struct partner_profile profile, const char *member)
{
    const char *complaint;

    partner_rules_complete(arena, &profile);
    complaint = partner_rules_check(arena, &profile);
    assert_non_null(complaint);
    if (!text_starts(complaint, arena_printf(arena, "%s: ", member)))
        assert_string_equal(complaint, member);
}

static void
ids_are_short_and_plain(void **state)
{
    static const char *const good[] = { "ab", "0a", "a_.-" };
    static const char *const bad[] = { "", "a", "Hall", "-ab", ".ab", "_ab", "a b", "a/b", "大厅" };
    char text[66] = { 0 };
    struct partner_profile profile = sound_profile();

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        profile.partner_id = good[i];
        assert_sound(*state, &profile);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        profile.partner_id = bad[i];
        assert_fault(*state, profile, "client_id");
    }
    memset(text, 'a', 65);
    profile.partner_id = text;
    assert_fault(*state, profile, "client_id");
    text[64] = '\0';
    assert_sound(*state, &profile);
}

static void
a_name_and_known_scopes_are_required(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.name_zh = "";
    assert_fault(*state, profile, "client_name");
    profile = sound_profile();
    profile.scope = "openid root";
    assert_fault(*state, profile, "scope");
}

static void
a_public_partner_has_pkce_and_no_grant_of_its_own(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.auth_method = "none";
    assert_sound(*state, &profile);
    assert_int_equal(profile.require_pkce, ANSWER_YES);
    profile.grant_types = "authorization_code client_credentials";
    assert_fault(*state, profile, "grant_types");
    profile.grant_types = "authorization_code";
    profile.require_pkce = ANSWER_NO;
    assert_fault(*state, profile, "require_pkce");
    profile.auth_method = "client_secret_basic";
    assert_sound(*state, &profile);
    assert_int_equal(profile.require_pkce, ANSWER_NO);
}

static void
an_assertion_needs_its_key_and_algorithm(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.auth_method = "private_key_jwt";
    assert_fault(*state, profile, "jwks");
    profile.jwks = "{\"keys\":[{}]}";
    assert_sound(*state, &profile);
    assert_string_equal(profile.auth_signing_alg, ""); /* whatever its keys sign by */
    profile.auth_signing_alg = "EdDSA";
    assert_sound(*state, &profile);
    profile.auth_signing_alg = "HS256";
    assert_fault(*state, profile, "token_endpoint_auth_signing_alg");

    profile.auth_method = "client_secret_jwt";
    profile.auth_signing_alg = "";
    assert_sound(*state, &profile);
    assert_string_equal(profile.auth_signing_alg, "HS256");
    profile.auth_signing_alg = "ES256";
    assert_fault(*state, profile, "token_endpoint_auth_signing_alg");

    profile.auth_method = "client_secret_post";
    assert_fault(*state, profile, "token_endpoint_auth_signing_alg");
}

static void
only_a_secret_has_two_places_to_be_strict_about(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.strict_auth_method = true;
    assert_sound(*state, &profile);
    profile.auth_method = "client_secret_post";
    assert_sound(*state, &profile);
    profile.auth_method = "client_secret_jwt";
    assert_fault(*state, profile, "strict_auth_method");
    profile.auth_method = "none";
    assert_fault(*state, profile, "strict_auth_method");
}

static void
claims_for_the_id_token_are_carried_by_a_registered_scope(void **state)
{
    static const struct {
        const char *scope;
        const char *claims;
        bool sound;
    } cases[] = {
        { "openid profile", "name preferred_username", true },
        { "openid realname", "name identity_level verified_claims", true },
        { "openid", "", true },
        { "openid", "name", false },
        { "openid profile", "name phone_number", false },
        { "openid profile", "names", false },
        { "openid profile", "profile", false },
        { "openid email", "email", false },
        { "openid", "sub", false },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct partner_profile profile = sound_profile();

        profile.scope = cases[i].scope;
        profile.id_token_claims = cases[i].claims;
        if (cases[i].sound)
            assert_sound(*state, &profile);
        else
            assert_fault(*state, profile, "id_token_claims");
    }
}

static void
only_assertions_have_an_audience(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.assertion_audience = "issuer";
    assert_fault(*state, profile, "assertion_audience");
    profile.auth_method = "client_secret_jwt";
    assert_sound(*state, &profile);
    profile.auth_method = "none";
    profile.auth_signing_alg = "";
    assert_fault(*state, profile, "assertion_audience");
}

static void
k2_who_answers_for_an_audience_proves_who_it_is(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.resources = "https://api.example.cn api";
    assert_sound(*state, &profile);
    profile.resources = "https://api.example.cn hall";
    assert_fault(*state, profile, "resources");
    profile.resources = "https://api.example.cn";
    profile.auth_method = "none";
    assert_fault(*state, profile, "resources");
}

/* What a version before has stored is not judged by this: only files are. */
static void
k13_a_session_is_required_where_logouts_are_told(void **state)
{
    struct partner_profile profile = sound_profile();
    const char *complaint;

    profile.backchannel_logout_session_required = true;
    assert_sound(*state, &profile);
    complaint = partner_rules_check_file(*state, &profile);
    assert_string_equal(complaint, "backchannel_logout_session_required: is for partners with a "
                                   "backchannel_logout_uri");
    profile.backchannel_logout_uri = "https://hall.example/out";
    assert_null(partner_rules_check_file(*state, &profile));
}

static void
the_frame_of_a_logout_stands_where_the_partners_pages_stand(void **state)
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
    struct partner_profile profile = sound_profile();

    profile.frontchannel_logout_session_required = true;
    assert_fault(*state, profile, "frontchannel_logout_session_required");
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        profile.frontchannel_logout_uri = good[i];
        assert_sound(*state, &profile);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        profile.frontchannel_logout_uri = bad[i];
        assert_fault(*state, profile, "frontchannel_logout_uri");
    }
    profile.redirect_uris = (struct profile_list) { { "com.hall.app:/cb" }, 1 };
    profile.native = true;
    profile.frontchannel_logout_uri = good[0];
    assert_fault(*state, profile, "frontchannel_logout_uri");
}

static void
b16_an_app_on_localhost_names_its_port_or_an_address(void **state)
{
    static const char *const good[] = { "http://localhost:8080/cb", "http://127.0.0.1/cb",
                                        "http://[::1]/cb", "com.hall.app:/cb" };
    struct partner_profile profile = sound_profile();
    const char *complaint;

    profile.redirect_uris = (struct profile_list) { { "http://localhost/cb" }, 1 };
    assert_sound(*state, &profile);
    assert_null(partner_rules_check_file(*state, &profile)); /* a site may listen there */
    profile.native = true;
    assert_sound(*state, &profile);
    complaint = partner_rules_check_file(*state, &profile);
    assert_true(text_starts(complaint, "redirect_uris: http://127.0.0.1/"));
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        profile.redirect_uris.at[0] = good[i];
        assert_null(partner_rules_check_file(*state, &profile));
    }
}

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

static void
only_pages_leave_their_response_modes_open(void **state)
{
    struct partner_profile profile = sound_profile();

    partner_rules_complete(*state, &profile);
    assert_string_equal(profile.response_modes, "query");
    profile = sound_profile();
    profile.auth_method = "none";
    partner_rules_complete(*state, &profile);
    assert_string_equal(profile.response_modes, "");
    profile.native = true;
    partner_rules_complete(*state, &profile);
    assert_string_equal(profile.response_modes, "query");
}

static void
the_code_grant_needs_a_redirect_uri(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.redirect_uris.count = 0;
    assert_fault(*state, profile, "redirect_uris");
    profile.grant_types = "client_credentials";
    assert_sound(*state, &profile);
    assert_string_equal(profile.sector_identifier, "hall");
}

static void
az_09_and_az_10_every_address_is_judged(void **state)
{
    static const char *const bad[] = { "https://hall.example/cb#x", "JaVaScRiPt:alert(1)", "data:x",
                                       "http://hall.example/cb", "x" };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct partner_profile profile = sound_profile();

        profile.redirect_uris.at[0] = bad[i];
        assert_fault(*state, profile, "redirect_uris");
        profile = sound_profile();
        profile.post_logout_redirect_uris = (struct profile_list) { { bad[i] }, 1 };
        assert_fault(*state, profile, "post_logout_redirect_uris");
        profile = sound_profile();
        profile.web_origins = (struct profile_list) { { bad[i] }, 1 };
        assert_fault(*state, profile, "web_origins");
        profile = sound_profile();
        profile.initiate_login_uri = bad[i];
        assert_fault(*state, profile, "initiate_login_uri");
        profile = sound_profile();
        profile.client_uri = bad[i];
        assert_fault(*state, profile, "client_uri");
        profile = sound_profile();
        profile.backchannel_logout_uri = bad[i];
        assert_fault(*state, profile, "backchannel_logout_uri");
        profile = sound_profile();
        profile.policy_uri = bad[i];
        assert_fault(*state, profile, "policy_uri");
        profile = sound_profile();
        profile.tos_uri = bad[i];
        assert_fault(*state, profile, "tos_uri");
    }
}

static void
an_address_is_registered_once_and_own_schemes_are_for_native(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.redirect_uris =
        (struct profile_list) { { "https://hall.example/cb", "https://hall.example/cb" }, 2 };
    assert_fault(*state, profile, "redirect_uris");
    profile.redirect_uris = (struct profile_list) { { "com.hall.app:/cb" }, 1 };
    assert_fault(*state, profile, "redirect_uris");
    profile.native = true;
    assert_sound(*state, &profile);
    assert_string_equal(profile.sector_identifier, "hall");
}

static void
a_sector_is_the_one_host_or_must_be_named(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.redirect_uris =
        (struct profile_list) { { "https://a.example:8443/cb", "https://a.example/x?y" }, 2 };
    assert_sound(*state, &profile);
    assert_string_equal(profile.sector_identifier, "a.example");

    profile = sound_profile();
    profile.redirect_uris =
        (struct profile_list) { { "https://a.example/cb", "https://b.example/cb" }, 2 };
    assert_fault(*state, profile, "sector_identifier");
    profile.sector_identifier = "Example";
    assert_fault(*state, profile, "sector_identifier");
    profile.sector_identifier = "example";
    assert_sound(*state, &profile);
    profile.sector_identifier = "";
    profile.pairwise = false;
    assert_sound(*state, &profile);
}

static void
loopback_addresses_share_no_sector(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.redirect_uris =
        (struct profile_list) { { "http://127.0.0.1:1/cb", "http://localhost:2/cb" }, 2 };
    assert_sound(*state, &profile);
    assert_string_equal(profile.sector_identifier, "hall");
}

static void
an_origin_is_registered_once_and_is_none_of_an_app(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.web_origins = (struct profile_list) { { "https://a.example", "http://[::1]:80" }, 2 };
    assert_fault(*state, profile, "web_origins");
    profile.web_origins.at[1] = "https://a.example";
    assert_fault(*state, profile, "web_origins");
    profile.web_origins.at[1] = "com.example.app:/";
    profile.native = true;
    assert_fault(*state, profile, "web_origins");
    profile.web_origins.at[1] = "https://a.example:8443";
    assert_sound(*state, &profile);
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
        WITH_ARENA(ids_are_short_and_plain),
        WITH_ARENA(a_name_and_known_scopes_are_required),
        WITH_ARENA(a_public_partner_has_pkce_and_no_grant_of_its_own),
        WITH_ARENA(an_assertion_needs_its_key_and_algorithm),
        WITH_ARENA(only_a_secret_has_two_places_to_be_strict_about),
        WITH_ARENA(claims_for_the_id_token_are_carried_by_a_registered_scope),
        WITH_ARENA(only_assertions_have_an_audience),
        WITH_ARENA(k2_who_answers_for_an_audience_proves_who_it_is),
        WITH_ARENA(k13_a_session_is_required_where_logouts_are_told),
        WITH_ARENA(the_frame_of_a_logout_stands_where_the_partners_pages_stand),
        WITH_ARENA(b16_an_app_on_localhost_names_its_port_or_an_address),
        WITH_ARENA(a_partner_with_terminals_has_their_keys_and_no_other_way_in),
        WITH_ARENA(cards_are_read_at_terminals_where_nobody_is_asked),
        WITH_ARENA(only_pages_leave_their_response_modes_open),
        WITH_ARENA(the_code_grant_needs_a_redirect_uri),
        WITH_ARENA(az_09_and_az_10_every_address_is_judged),
        WITH_ARENA(an_address_is_registered_once_and_own_schemes_are_for_native),
        WITH_ARENA(an_origin_is_registered_once_and_is_none_of_an_app),
        WITH_ARENA(a_sector_is_the_one_host_or_must_be_named),
        WITH_ARENA(loopback_addresses_share_no_sector),
        WITH_ARENA(who_asks_over_another_line_says_how),
        WITH_ARENA(who_does_not_says_nothing_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
