/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/partner_rules_kit.h"

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
only_apps_log_browsers_in(void **state)
{
    struct partner_profile profile = sound_profile();

    profile.scope = "openid qr_login";
    profile.channel = "web";
    assert_fault(*state, profile, "scope");
    profile.channel = "app";
    assert_sound(*state, &profile);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(ids_are_short_and_plain),
        WITH_ARENA(a_name_and_known_scopes_are_required),
        WITH_ARENA(only_apps_log_browsers_in),
        WITH_ARENA(a_public_partner_has_pkce_and_no_grant_of_its_own),
        WITH_ARENA(an_assertion_needs_its_key_and_algorithm),
        WITH_ARENA(only_a_secret_has_two_places_to_be_strict_about),
        WITH_ARENA(claims_for_the_id_token_are_carried_by_a_registered_scope),
        WITH_ARENA(only_assertions_have_an_audience),
        WITH_ARENA(k2_who_answers_for_an_audience_proves_who_it_is),
        WITH_ARENA(b16_an_app_on_localhost_names_its_port_or_an_address),
        WITH_ARENA(only_pages_leave_their_response_modes_open),
        WITH_ARENA(the_code_grant_needs_a_redirect_uri),
        WITH_ARENA(az_09_and_az_10_every_address_is_judged),
        WITH_ARENA(an_address_is_registered_once_and_own_schemes_are_for_native),
        WITH_ARENA(an_origin_is_registered_once_and_is_none_of_an_app),
        WITH_ARENA(a_sector_is_the_one_host_or_must_be_named),
        WITH_ARENA(loopback_addresses_share_no_sector),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
