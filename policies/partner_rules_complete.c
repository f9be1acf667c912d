/* SPDX-License-Identifier: Apache-2.0 */
/* What follows in a partner's registration from other members. */
#include <string.h>

#include "idp/base/text.h"
#include "policies/auth_method.h"
#include "policies/partner_rules.h"
#include "policies/signing_alg.h"

/* ---- what a sector is ---- */

/*
 * The host that stands for a redirect URI. An app's own scheme and a loopback address name no site,
 * and every app may use the latter: such a URI stands for its partner alone.
 */
static const char *
site_of(struct arena *arena, const struct partner_profile *profile, const char *uri)
{
    const char *host = uri + strlen("https://");

    if (!text_starts(uri, "https://"))
        return profile->partner_id;
    return arena_copy(arena, host, strcspn(host, ":/?"));
}

/* The one site of all redirect URIs, "" when they differ. */
static const char *
common_site(struct arena *arena, const struct partner_profile *profile)
{
    const struct profile_list *uris = &profile->redirect_uris;
    const char *first;

    if (uris->count == 0)
        return profile->partner_id;
    first = site_of(arena, profile, uris->at[0]);
    for (size_t i = 1; i < uris->count; i++) {
        if (!text_eq(first, site_of(arena, profile, uris->at[i])))
            return "";
    }
    return first;
}

/* The first for a method that signs with a secret; keys say themselves what they sign by, and any of
 * them will do (Registration 1.0, 2). */
static const char *
usual_alg(struct arena *arena, const struct partner_profile *profile)
{
    if (auth_method_need(profile->auth_method) != AUTH_NEEDS_CLEAR_SECRET)
        return "";
    return arena_copy(arena, ALGS_OF_SECRETS, strcspn(ALGS_OF_SECRETS, " "));
}

/* A page that has no server of its own. */
static bool
is_a_page(const struct partner_profile *profile)
{
    return profile_is_public(profile) && !profile->native;
}

void
partner_rules_complete(struct arena *arena, struct partner_profile *profile)
{
    if (text_is_empty(profile->name_en))
        profile->name_en = profile->name_zh;
    if (text_is_empty(profile->auth_signing_alg))
        profile->auth_signing_alg = usual_alg(arena, profile);
    if (text_is_empty(profile->response_modes) && !is_a_page(profile))
        profile->response_modes = "query";
    if (profile->require_pkce == ANSWER_NONE && profile_is_public(profile))
        profile->require_pkce = ANSWER_YES;
    if (text_is_empty(profile->sector_identifier))
        profile->sector_identifier = common_site(arena, profile);
    if (!profile_asks_apart(profile))
        return;
    if (text_is_empty(profile->backchannel_mode))
        profile->backchannel_mode = "poll";
    if (text_is_empty(profile->backchannel_approval))
        profile->backchannel_approval = "link";
}
