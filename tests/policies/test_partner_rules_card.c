/* SPDX-License-Identifier: Apache-2.0 */
/* What partners may register about citizens' cards: what would have no effect is refused. */
#include "tests/policies/partner_rules_kit.h"

#define KEYS                                                                                       \
    ",\"token_endpoint_auth_method\":\"private_key_jwt\","                                         \
    "\"jwks\":{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"x\",\"y\":\"y\"}]}"
#define TERMINAL ",\"channel\":\"terminal\",\"token_endpoint_auth_method\":\"private_key_jwt\""
#define GRANTS(list) ",\"grant_types\":[" list "]"
#define CLIENT_CREDENTIALS "\"client_credentials\""
#define TOKEN_EXCHANGE "\"" GRANT_TYPE_EXCHANGE "\""
#define CARD_CODE "\"" GRANT_TYPE_CARD_CODE "\""
#define PURPOSES(list) ",\"card_purposes\":[" list "]"
#define REGIONS(list) ",\"card_regions\":\"" list "\""
#define IMPLIED ",\"consent\":\"implied\""

static const char *
complaint_of(struct arena *arena, const char *more, struct partner_profile *out)
{
    const char *json =
        arena_printf(arena, "{\"client_id\":\"clinic\",\"client_name\":\"C\"%s}", more);
    const char *complaint = partner_profile_parse(arena, json, strlen(json), out);

    return complaint != NULL ? complaint : "";
}

static void
what_has_an_effect_is_taken(void **state)
{
    static const char *const good[] = {
        KEYS GRANTS(CLIENT_CREDENTIALS) PURPOSES("\"show\",\"pay\"") REGIONS("330500 310000"),
        KEYS GRANTS(TOKEN_EXCHANGE) PURPOSES("\"serve\""),
        TERMINAL GRANTS(CARD_CODE) PURPOSES("\"login\"") IMPLIED,
        KEYS GRANTS(CLIENT_CREDENTIALS),
    };
    struct partner_profile profile;

    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_string_equal(complaint_of(*state, good[i], &profile), "");
    assert_false(profile_scans(&profile, "show"));
    assert_string_equal(complaint_of(*state, good[0], &profile), "");
    assert_true(profile_scans(&profile, "pay"));
    assert_false(profile_scans(&profile, "serve"));
}

static void
what_has_no_effect_is_refused_by_name(void **state)
{
    static const struct {
        const char *more;
        const char *start;
    } bad[] = {
        { GRANTS(CLIENT_CREDENTIALS) PURPOSES("\"show\""), "card_purposes: are for partners" },
        { KEYS GRANTS(CLIENT_CREDENTIALS) PURPOSES("\"serve\""), "card_purposes: serve does" },
        { KEYS GRANTS(CLIENT_CREDENTIALS) PURPOSES("\"login\""), "card_purposes: login goes" },
        { TERMINAL GRANTS(CARD_CODE) IMPLIED, "card_purposes: login goes" },
        { KEYS GRANTS(CLIENT_CREDENTIALS) PURPOSES("\"eat\""), "card_purposes: must be one of" },
        { KEYS GRANTS(CLIENT_CREDENTIALS) REGIONS("330500"), "card_regions: does nothing" },
        { KEYS GRANTS(CLIENT_CREDENTIALS) PURPOSES("\"show\"") REGIONS("Zhejiang"),
          "card_regions: must be" },
        { KEYS GRANTS(CARD_CODE) PURPOSES("\"login\"") IMPLIED, "grant_types: " },
        { TERMINAL GRANTS(CARD_CODE) PURPOSES("\"login\""), "consent: must be implied" },
        { KEYS GRANTS(TOKEN_EXCHANGE) PURPOSES("\"show\""), "grant_types: token-exchange does" },
    };
    struct partner_profile profile;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *complaint = complaint_of(*state, bad[i].more, &profile);

        if (!text_starts(complaint, bad[i].start))
            assert_string_equal(complaint, bad[i].start);
    }
}

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
        WITH_ARENA(what_has_an_effect_is_taken),
        WITH_ARENA(what_has_no_effect_is_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
