/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a partner that staff log in to at their counters (docs/adr/0061). */
#include "idp/base/text.h"
#include "policies/partner_rules.h"
#include "policies/scope.h"

static bool
is_of_staff(const struct partner_profile *profile)
{
    return text_list_has(profile->scope, SCOPE_STAFF);
}

static bool
staff_are_at_counters(const struct partner_profile *profile)
{
    return !is_of_staff(profile) || profile_is_of_counters(profile);
}

static bool
staff_log_in(const struct partner_profile *profile)
{
    return !is_of_staff(profile) || text_list_has(profile->grant_types, "authorization_code");
}

static bool
staff_go_home(const struct partner_profile *profile)
{
    return !is_of_staff(profile) || !text_list_has(profile->scope, "offline_access");
}

static bool
staff_share_no_phone(const struct partner_profile *profile)
{
    return !is_of_staff(profile) || !text_list_has(profile->scope, "device_sso");
}

static bool
staff_are_pairwise(const struct partner_profile *profile)
{
    return !is_of_staff(profile) || profile->pairwise;
}

static bool
staff_have_proof(const struct partner_profile *profile)
{
    return !is_of_staff(profile) || !profile_is_public(profile);
}

static bool
staff_have_no_frames(const struct partner_profile *profile)
{
    return !is_of_staff(profile) || text_is_empty(profile->frontchannel_logout_uri);
}

static const struct hand_over_rule {
    const char *member;
    const char *complaint;
    bool (*holds)(const struct partner_profile *profile);
} hand_over_rules[] = {
    { "scope", "staff is for partners of the channel counter only", staff_are_at_counters },
    { "scope", "staff does nothing without the grant type authorization_code", staff_log_in },
    { "scope", "offline_access is not for staff: their tokens end when they leave the counter",
      staff_go_home },
    { "scope", "device_sso is not for staff: a counter is no phone", staff_share_no_phone },
    { "subject_type", "must be pairwise with the scope staff", staff_are_pairwise },
    { "token_endpoint_auth_method", "must not be none with the scope staff", staff_have_proof },
    { "frontchannel_logout_uri",
      "does nothing with the scope staff: their pages frame nobody; backchannel_logout_uri is told",
      staff_have_no_frames },
};

const char *
partner_rules_check_staff(struct arena *arena, const struct partner_profile *profile)
{
    for (size_t i = 0; i < sizeof(hand_over_rules) / sizeof(hand_over_rules[0]); i++) {
        if (!hand_over_rules[i].holds(profile))
            return arena_printf(arena, "%s: %s", hand_over_rules[i].member,
                                hand_over_rules[i].complaint);
    }
    return partner_rules_check_business(arena, profile);
}
