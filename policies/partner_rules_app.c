/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of what an app may do by token exchange (docs/adr/0047). */
#include <string.h>

#include "idp/base/text.h"
#include "policies/partner_rules.h"

#define GROUP_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_.-"
#define GROUP_SIZE_MAX 64

static bool
exchanges(const struct partner_profile *profile)
{
    return text_list_has(profile->grant_types, GRANT_TYPE_EXCHANGE);
}

static bool
has_group(const struct partner_profile *profile)
{
    return !text_is_empty(profile->native_sso_group);
}

static bool
opens_pages(const struct partner_profile *profile)
{
    return !text_is_empty(profile->browser_ticket_partners);
}

static bool
group_is_sound(const struct partner_profile *profile)
{
    const char *group = profile->native_sso_group;
    size_t size = strlen(group);

    return size <= GROUP_SIZE_MAX && strspn(group, GROUP_CHARACTERS) == size;
}

static bool
group_is_of_apps(const struct partner_profile *profile)
{
    return !has_group(profile) || profile->native;
}

static bool
group_has_effect(const struct partner_profile *profile)
{
    return !has_group(profile) || exchanges(profile) || text_list_has(profile->scope, "device_sso");
}

static bool
device_sso_has_group(const struct partner_profile *profile)
{
    return has_group(profile) || !text_list_has(profile->scope, "device_sso");
}

static bool
tickets_are_of_apps(const struct partner_profile *profile)
{
    return !opens_pages(profile) || profile->native;
}

static bool
tickets_have_grant(const struct partner_profile *profile)
{
    return !opens_pages(profile) || exchanges(profile);
}

static bool
tickets_are_for_others(const struct partner_profile *profile)
{
    return !text_list_has(profile->browser_ticket_partners, profile->partner_id);
}

static bool
exchange_has_effect(const struct partner_profile *profile)
{
    return !exchanges(profile) || has_group(profile) || opens_pages(profile) ||
           profile_scans(profile, "serve") || profile->businesses.count > 0;
}

static const struct app_rule {
    const char *member;
    const char *complaint;
    bool (*holds)(const struct partner_profile *profile);
} app_rules[] = {
    { "native_sso_group", "must be at most 64 of a-z 0-9 _ . -", group_is_sound },
    { "native_sso_group", "is for apps on one phone: application_type native", group_is_of_apps },
    { "native_sso_group",
      "does nothing without the scope device_sso (it lets others in) or the grant type "
      "token-exchange (it is let in)",
      group_has_effect },
    { "scope", "device_sso does nothing without a native_sso_group: nobody could use the secret",
      device_sso_has_group },
    { "browser_ticket_partners", "is for apps: application_type native", tickets_are_of_apps },
    { "browser_ticket_partners", "does nothing without the grant type token-exchange",
      tickets_have_grant },
    { "browser_ticket_partners", "need not hold its own client_id: an app opens others' pages",
      tickets_are_for_others },
    { "grant_types",
      "token-exchange does nothing without native_sso_group, browser_ticket_partners, businesses, or serve "
      "among card_purposes",
      exchange_has_effect },
};

const char *
partner_rules_check_app(struct arena *arena, const struct partner_profile *profile)
{
    for (size_t i = 0; i < sizeof(app_rules) / sizeof(app_rules[0]); i++) {
        if (!app_rules[i].holds(profile))
            return arena_printf(arena, "%s: %s", app_rules[i].member, app_rules[i].complaint);
    }
    return NULL;
}
