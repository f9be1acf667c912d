/* SPDX-License-Identifier: Apache-2.0 */
/* A registration that is sound, to be spoilt, and what is said of it. */
#ifndef TESTS_POLICIES_PARTNER_RULES_KIT_H
#define TESTS_POLICIES_PARTNER_RULES_KIT_H

#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/partner_rules.h"

/* What the parser gives for a small confidential partner of the web. */
static inline struct partner_profile
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
        .response_modes = "",
        .scope = "openid",
        .audience = "",
        .resources = "",
        .access_token_typ = "at+jwt",
        .require_pkce = ANSWER_NONE,
        .pairwise = true,
        .sector_identifier = "",
        .initiate_login_uri = "",
        .client_uri = "",
        .backchannel_logout_uri = "",
        .backchannel_mode = "",
        .backchannel_notify_uri = "",
        .backchannel_request_alg = "",
        .backchannel_approval = "",
        .frontchannel_logout_uri = "",
        .native_sso_group = "",
        .browser_ticket_partners = "",
        .card_purposes = "",
        .card_regions = "",
        .policy_uri = "",
        .tos_uri = "",
    };
}

static inline void
assert_sound(struct arena *arena, struct partner_profile *profile)
{
    partner_rules_complete(arena, profile);
    assert_null(partner_rules_check(arena, profile));
}

static inline void
assert_fault(struct arena *arena, struct partner_profile profile, const char *member)
{
    const char *complaint;

    partner_rules_complete(arena, &profile);
    complaint = partner_rules_check(arena, &profile);
    assert_non_null(complaint);
    if (!text_starts(complaint, arena_printf(arena, "%s: ", member)))
        assert_string_equal(complaint, member);
}

#endif
