/* SPDX-License-Identifier: Apache-2.0 */
/* What partners may register about citizens' cards (docs/adr/0053). */
#include "tests/policies/partner_rules_kit.h"

static void
who_reports_losses_is_a_counter_or_a_telephone_and_signs(void **state)
{
    static const char *const channels_of_others[] = { "web", "app", "wechat", "terminal",
                                                      "message" };
    struct partner_profile profile = sound_profile();

    assert_sound(*state, &profile);
    profile.card_loss_reports = true;
    profile.channel = "counter";
    assert_fault(*state, profile, "card_loss_reports");
    profile.auth_method = "private_key_jwt";
    profile.jwks = "{}";
    assert_sound(*state, &profile);
    profile.channel = "telephone";
    profile.redirect_uris.count = 0;
    profile.grant_types = "client_credentials";
    assert_sound(*state, &profile);
    for (size_t i = 0; i < COUNT_OF(channels_of_others); i++) {
        profile.channel = channels_of_others[i];
        assert_fault(*state, profile, "card_loss_reports");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(who_reports_losses_is_a_counter_or_a_telephone_and_signs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
