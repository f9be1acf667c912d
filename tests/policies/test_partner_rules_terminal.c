/* SPDX-License-Identifier: Apache-2.0 */
/* What partners with terminals may register (docs/adr/0043). */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/partner_rules.h"

static const char registered[] =
    "{\"client_id\":\"kiosks\",\"client_name\":\"终端\",\"channel\":\"terminal\","
    "\"token_endpoint_auth_method\":\"private_key_jwt\",\"grant_types\":[\"refresh_token\"]}";

static struct partner_profile
terminal_profile(struct arena *arena)
{
    struct partner_profile profile;

    assert_null(partner_profile_parse(arena, registered, strlen(registered), &profile));
    return profile;
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
    static const char *const methods[] = { "client_secret_basic", "client_secret_jwt", "none" };
    struct partner_profile profile = terminal_profile(*state);

    assert_null(partner_rules_check(*state, &profile));
    assert_null(partner_rules_check_file(*state, &profile));
    profile.jwks = "{}";
    assert_file_fault(*state, &profile, "jwks: is not for the channel terminal");
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        profile.auth_method = methods[i];
        assert_file_fault(*state, &profile,
                          "token_endpoint_auth_method: must be private_key_jwt on");
    }
}

static void
cards_are_read_at_terminals_where_nobody_is_asked(void **state)
{
    struct partner_profile profile = terminal_profile(*state);

    profile.channel = "web";
    profile.jwks = "{}";
    profile.grant_types = GRANT_TYPE_CARD_PIN;
    assert_file_fault(*state, &profile, "grant_types: " GRANT_TYPE_CARD_PIN " is for the channel");
    profile.channel = "terminal";
    profile.jwks = "";
    assert_file_fault(*state, &profile, "consent: must be implied with ");
    profile.consent_implied = true;
    assert_null(partner_rules_check_file(*state, &profile));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_partner_with_terminals_has_their_keys_and_no_other_way_in),
        WITH_ARENA(cards_are_read_at_terminals_where_nobody_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
