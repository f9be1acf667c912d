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
        .response_modes = "query",
        .scope = "openid",
        .audience = "",
        .require_pkce = ANSWER_NONE,
        .pairwise = true,
        .sector_identifier = "",
        .initiate_login_uri = "",
        .client_uri = "",
        .backchannel_logout_uri = "",
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
    assert_string_equal(profile.auth_signing_alg, "ES256");
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
        WITH_ARENA(a_public_partner_has_pkce_and_no_grant_of_its_own),
        WITH_ARENA(an_assertion_needs_its_key_and_algorithm),
        WITH_ARENA(only_a_secret_has_two_places_to_be_strict_about),
        WITH_ARENA(only_assertions_have_an_audience),
        WITH_ARENA(the_code_grant_needs_a_redirect_uri),
        WITH_ARENA(az_09_and_az_10_every_address_is_judged),
        WITH_ARENA(an_address_is_registered_once_and_own_schemes_are_for_native),
        WITH_ARENA(an_origin_is_registered_once_and_is_none_of_an_app),
        WITH_ARENA(a_sector_is_the_one_host_or_must_be_named),
        WITH_ARENA(loopback_addresses_share_no_sector),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
