/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/claim_rule.h"

static void
sc_28_a_claim_needs_a_scope_that_carries_it(void **state)
{
    static const struct {
        enum claim claim;
        const char *scope;
        bool carried;
    } cases[] = {
        { CLAIM_name, "openid profile", true },
        { CLAIM_name, "openid realname", true },
        { CLAIM_name, "openid", false },
        { CLAIM_name, "openid profiles", false },
        { CLAIM_name, "claim:name", false },
        { CLAIM_identity_number, "openid profile phone realname", false },
        { CLAIM_identity_number, "identity_number", true },
        { CLAIM_phone_number_verified, "openid phone", true },
        { CLAIM_phone_number, "openid", false },
        { CLAIM_verified_claims, "openid realname", true },
        { CLAIM_verified_claims, "openid profile", false },
        { CLAIM_preferred_username, "profile", true },
        { CLAIM_preferred_username, "realname", false },
        { CLAIM_name, "email address offline_access", false },
        { CLAIM_name, "", false },
        { CLAIM_card, "openid card", true },
        { CLAIM_card, "openid card_number", false },
        { CLAIM_card, "openid profile phone realname identity_number", false },
        { CLAIM_card_number, "openid card", false },
        { CLAIM_card_number, "openid card_number", true },
        { CLAIM_roles, "openid staff", true },
        { CLAIM_roles, "openid profile realname", false },
        { CLAIM_name, "openid staff", true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal((claims_carried(cases[i].scope) & CLAIM_BIT(cases[i].claim)) != 0,
                         cases[i].carried);
}

static void
a_single_claim_stands_in_the_list_under_its_own_word(void **state)
{
    (void)state;
    assert_int_equal(claims_singly("openid claim:name"), CLAIM_BIT(CLAIM_name));
    assert_int_equal(claims_singly("claim:phone_number claim:identity_level"),
                     CLAIM_BIT(CLAIM_phone_number) | CLAIM_BIT(CLAIM_identity_level));
    assert_int_equal(claims_singly("openid name profile claim: claim:nothing claim:names"), 0);
    assert_int_equal(claims_singly(""), 0);
    assert_int_equal(claim_named("name", 4), CLAIM_BIT(CLAIM_name));
    assert_int_equal(claim_named("name", 3), 0);
}

static void
a_fact_is_told_once_whatever_tells_it(void **state)
{
    static const struct {
        const char *granted;
        unsigned facts;
    } cases[] = {
        { "openid", FACT_ID },
        { "openid profile", FACT_ID | FACT_NAME },
        { "openid profile realname", FACT_ID | FACT_NAME | FACT_STANDING },
        { "openid claim:name", FACT_ID | FACT_NAME },
        { "openid claim:verified_claims", FACT_ID | FACT_STANDING },
        { "openid claim:preferred_username", FACT_ID },
        { "phone identity_number offline_access",
          FACT_PHONE | FACT_IDENTITY_NUMBER | FACT_OFFLINE },
        { "device_sso", FACT_SIBLINGS },
        { "openid card", FACT_ID | FACT_CARD },
        { "openid card_number", FACT_ID | FACT_CARD_NUMBER },
        { "claim:card", FACT_CARD },
        { "email address", 0 },
        { "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(facts_told(cases[i].granted), cases[i].facts);
}

static void
who_agreed_to_a_fact_has_agreed_to_each_claim_of_it_but_to_no_scope(void **state)
{
    static const struct {
        const char *asked;
        const char *given;
        bool within;
    } cases[] = {
        { "openid profile", "profile openid phone", true },
        { "openid claim:name", "openid claim:name", true },
        { "openid claim:name", "openid profile", true },
        { "openid claim:name", "openid realname", true },
        { "openid claim:phone_number_verified", "openid claim:phone_number", true },
        { "openid claim:preferred_username", "openid", true },
        { "openid claim:name", "openid", false },
        { "openid claim:name", "openid phone", false },
        { "openid claim:verified_claims claim:name", "openid claim:name", false },
        { "openid profile", "openid claim:name claim:preferred_username", false },
        { "openid realname", "openid profile", false },
        { "claim:nothing", "openid profile phone realname identity_number", false },
        { "", "", true },
        { "openid claim:card", "openid card", true },
        { "openid card_number", "openid card", false },
        { "openid claim:card_number", "openid card", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(granted_within(cases[i].asked, cases[i].given), cases[i].within);
}

static void
partners_are_told_the_scopes_alone(void **state)
{
    static const char granted[] = "openid claim:name phone claim:identity_number";

    assert_string_equal(granted_scopes(*state, granted), "openid phone");
    assert_string_equal(granted_claims(*state, granted), "name identity_number");
    assert_string_equal(granted_join(*state, "openid phone", "name identity_number"),
                        "openid phone claim:name claim:identity_number");
    assert_string_equal(granted_join(*state, "openid", ""), "openid");
    assert_string_equal(granted_scopes(*state, NULL), "");
    assert_string_equal(granted_scopes(*state, ""), "");
    assert_string_equal(granted_claims(*state, "openid"), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sc_28_a_claim_needs_a_scope_that_carries_it),
        cmocka_unit_test(a_single_claim_stands_in_the_list_under_its_own_word),
        cmocka_unit_test(a_fact_is_told_once_whatever_tells_it),
        cmocka_unit_test(who_agreed_to_a_fact_has_agreed_to_each_claim_of_it_but_to_no_scope),
        WITH_ARENA(partners_are_told_the_scopes_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
