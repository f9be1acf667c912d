/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of what a partner's staff may do for citizens at counters (docs/adr/0060). */
#include "idp/base/text.h"
#include "policies/partner_rules.h"
#include "policies/scope.h"

static bool
has_businesses(const struct partner_profile *profile)
{
    return profile->businesses.count > 0;
}

static bool
businesses_are_at_counters(const struct partner_profile *profile)
{
    return !has_businesses(profile) || text_eq(profile->channel, "counter");
}

static bool
businesses_have_grant(const struct partner_profile *profile)
{
    return !has_businesses(profile) || text_list_has(profile->grant_types, GRANT_TYPE_EXCHANGE);
}

static bool
businesses_have_actors(const struct partner_profile *profile)
{
    return !has_businesses(profile) || text_list_has(profile->scope, SCOPE_STAFF);
}

static bool
businesses_are_of_somebody(const struct partner_profile *profile)
{
    return !has_businesses(profile) || !profile_is_public(profile);
}

static bool
businesses_lie_within(const struct partner_profile *profile)
{
    for (size_t i = 0; i < profile->businesses.count; i++)
        if (!text_list_within(profile->businesses.at[i].scope, profile->scope))
            return false;
    return true;
}

static const struct business_rule {
    const char *complaint;
    bool (*holds)(const struct partner_profile *profile);
} business_rules[] = {
    { "are for partners of the channel counter", businesses_are_at_counters },
    { "do nothing without the grant type token-exchange", businesses_have_grant },
    { "are not for public partners", businesses_are_of_somebody },
    { "do nothing without the scope staff: there is nobody who acts", businesses_have_actors },
    { "one has a scope that the partner's own scope has not", businesses_lie_within },
};

const char *
partner_rules_check_business(struct arena *arena, const struct partner_profile *profile)
{
    for (size_t i = 0; i < sizeof(business_rules) / sizeof(business_rules[0]); i++) {
        if (!business_rules[i].holds(profile))
            return arena_printf(arena, "businesses: %s", business_rules[i].complaint);
    }
    return NULL;
}
