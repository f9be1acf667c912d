/* SPDX-License-Identifier: Apache-2.0 */
/* The rules across several members of a partner's registration. partner_profile.c applies them. */
#ifndef POLICIES_PARTNER_RULES_H
#define POLICIES_PARTNER_RULES_H

#include "idp/base/text.h"
#include "policies/auth_method.h"
#include "policies/partner_profile.h"
#include "policies/scope.h"

/* Its name is all it has to show who it is. */
static inline bool
profile_is_public(const struct partner_profile *profile)
{
    return auth_method_need(profile->auth_method) == AUTH_NEEDS_NOTHING;
}

/* It asks for a person's approval over another line (CIBA). */
static inline bool
profile_asks_apart(const struct partner_profile *profile)
{
    return text_list_has(profile->grant_types, GRANT_TYPE_CIBA);
}

/* It scans card codes that are shown for that (policies/card_purpose.def). */
static inline bool
profile_scans(const struct partner_profile *profile, const char *purpose)
{
    return text_list_has(profile->card_purposes, purpose);
}

/* Its people sit at counters: who logs in to it is a member of staff (docs/adr/0061). */
static inline bool
profile_is_of_counters(const struct partner_profile *profile)
{
    return text_eq(profile->channel, "counter");
}

/* Its logins, if it has any, are staff's or citizens', and it says so. */
static inline bool
profile_says_who_logs_in(const struct partner_profile *profile)
{
    return !profile_is_of_counters(profile) || text_list_has(profile->scope, SCOPE_STAFF) ||
           !text_list_has(profile->grant_types, "authorization_code");
}

/* Fills what follows from other members: English name, algorithm of a secret, response mode, PKCE,
 * sector. */
void partner_rules_complete(struct arena *arena, struct partner_profile *profile);

/* NULL, or a sentence that names the member at fault. */
const char *partner_rules_check(struct arena *arena, const struct partner_profile *profile);

/* Part of it: an app's sharing and opening, which must have an effect (docs/adr/0047). */
const char *partner_rules_check_app(struct arena *arena, const struct partner_profile *profile);

/* The same of further rules, which a file has to keep but what a version before has stored need
 * not: it goes on until the file is applied again. */
const char *partner_rules_check_file(struct arena *arena, const struct partner_profile *profile);

/* The same for one that staff log in to. */
const char *partner_rules_check_staff(struct arena *arena, const struct partner_profile *profile);

/* The same for what it may do with citizens' cards. */
const char *partner_rules_check_card(struct arena *arena, const struct partner_profile *profile);

/* And for what its staff may do for citizens, behind partner_rules_check_staff(). */
const char *partner_rules_check_business(struct arena *arena,
                                         const struct partner_profile *profile);

#endif
