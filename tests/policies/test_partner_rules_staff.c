/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner may register that staff log in to: issue 11, hand-over. */
#include "tests/policies/partner_rules_kit.h"

static struct partner_profile
staff_profile(void)
{
    struct partner_profile profile = sound_profile();

    profile.channel = "counter";
    profile.scope = "openid staff";
    return profile;
}

static void
staff_log_in_at_counters_and_nowhere_else(void **state)
{
    static const char *const others[] = {
        "web", "app", "wechat", "terminal", "telephone", "message"
    };
    struct partner_profile profile = staff_profile();

    assert_sound(*state, &profile);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        profile.channel = others[i];
        assert_fault(*state, profile, "scope");
    }
}

static void
nobody_but_staff_logs_in_at_a_counter(void **state)
{
    struct partner_profile profile = staff_profile();

    assert_null(partner_rules_check_file(*state, &profile));
    profile.scope = "openid profile";
    assert_non_null(strstr(partner_rules_check_file(*state, &profile), "scope: must have staff"));
    profile.grant_types = "client_credentials"; /* nobody logs in to it at all */
    assert_null(partner_rules_check_file(*state, &profile));
}

static void
what_staff_cannot_have_is_refused_by_name(void **state)
{
    struct partner_profile profile = staff_profile();

    profile.scope = "openid staff offline_access";
    assert_fault(*state, profile, "scope");
    profile.scope = "openid staff device_sso";
    profile.native_sso_group = "hrss";
    profile.native = true;
    assert_fault(*state, profile, "scope");

    profile = staff_profile();
    profile.grant_types = "client_credentials";
    assert_fault(*state, profile, "scope");

    profile = staff_profile();
    profile.pairwise = false;
    assert_fault(*state, profile, "subject_type");

    profile = staff_profile();
    profile.auth_method = "none";
    profile.require_pkce = ANSWER_YES;
    assert_fault(*state, profile, "token_endpoint_auth_method");

    profile = staff_profile();
    profile.frontchannel_logout_uri = "https://hall.example/out";
    assert_fault(*state, profile, "frontchannel_logout_uri");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(staff_log_in_at_counters_and_nowhere_else),
        WITH_ARENA(nobody_but_staff_logs_in_at_a_counter),
        WITH_ARENA(what_staff_cannot_have_is_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
