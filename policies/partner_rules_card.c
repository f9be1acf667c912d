/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of what a partner may do with citizens' cards: report them lost (docs/adr/0053), scan their codes (0052). */
#include "idp/base/text.h"
#include "policies/card_region.h"
#include "policies/partner_rules.h"

static bool
loss_reports_suit(const struct partner_profile *profile)
{
    return !profile->card_loss_reports ||
           (text_eq(profile->auth_method, "private_key_jwt") &&
            (text_eq(profile->channel, "counter") || text_eq(profile->channel, "telephone")));
}

static bool
scans(const struct partner_profile *profile)
{
    return !text_is_empty(profile->card_purposes);
}

static bool
has_grant(const struct partner_profile *profile, const char *grant_type)
{
    return text_list_has(profile->grant_types, grant_type);
}

static bool
purposes_have_keys(const struct partner_profile *profile)
{
    return !scans(profile) || auth_method_need(profile->auth_method) == AUTH_NEEDS_KEYS;
}

static bool
regions_have_purposes(const struct partner_profile *profile)
{
    return text_is_empty(profile->card_regions) || scans(profile);
}

static bool
regions_are_sound(const struct partner_profile *profile)
{
    return card_regions_are_sound(profile->card_regions);
}

static bool
serving_has_grant(const struct partner_profile *profile)
{
    return !profile_scans(profile, "serve") || has_grant(profile, GRANT_TYPE_EXCHANGE);
}

static bool
login_has_grant(const struct partner_profile *profile)
{
    return profile_scans(profile, "login") == has_grant(profile, GRANT_TYPE_CARD_CODE);
}

static bool
logins_are_at_terminals(const struct partner_profile *profile)
{
    return !has_grant(profile, GRANT_TYPE_CARD_CODE) || text_eq(profile->channel, "terminal");
}

static bool
logins_ask_nobody(const struct partner_profile *profile)
{
    return !has_grant(profile, GRANT_TYPE_CARD_CODE) || profile->consent_implied;
}

static const struct card_rule {
    const char *member;
    const char *complaint;
    bool (*holds)(const struct partner_profile *profile);
} card_rules[] = {
    { "card_loss_reports",
      "is for partners of the channel counter or telephone that authenticate by private_key_jwt",
      loss_reports_suit },
    { "card_purposes", "are for partners that authenticate by private_key_jwt",
      purposes_have_keys },
    { "card_purposes", "serve does nothing without the grant type token-exchange",
      serving_has_grant },
    { "card_purposes", "login goes with the grant type " GRANT_TYPE_CARD_CODE ", and that with it",
      login_has_grant },
    { "card_regions", "does nothing without card_purposes", regions_have_purposes },
    { "card_regions", "must be division codes of six digits", regions_are_sound },
    { "grant_types", GRANT_TYPE_CARD_CODE " is for the channel terminal only",
      logins_are_at_terminals },
    { "consent", "must be implied with " GRANT_TYPE_CARD_CODE ": at a terminal nobody is asked",
      logins_ask_nobody },
};

const char *
partner_rules_check_card(struct arena *arena, const struct partner_profile *profile)
{
    for (size_t i = 0; i < sizeof(card_rules) / sizeof(card_rules[0]); i++) {
        if (!card_rules[i].holds(profile))
            return arena_printf(arena, "%s: %s", card_rules[i].member, card_rules[i].complaint);
    }
    return NULL;
}
