/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/assurance.h"

#define NOW ((unix_s)1795000000)

static int
level_of(struct evidence_view evidence)
{
    return identity_level(&evidence, 1, NOW);
}

static void
each_kind_of_evidence_has_its_level(void **state)
{
    (void)state;
    assert_int_equal(identity_level(NULL, 0, NOW), 0);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_PHONE, NOW, 0, false }), 1);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_BANK_CARD, NOW, 0, false }), 2);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_FACE, NOW, 0, false }), 3);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_COUNTER, NOW, 0, false }), 3);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_CARD_PIN, NOW, 0, false }), 3);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_NONE, NOW, 0, false }), 0);
    assert_int_equal(level_of((struct evidence_view) { (enum evidence_kind)99, NOW, 0, false }), 0);
}

static void
the_best_evidence_that_counts_decides(void **state)
{
    const struct evidence_view list[] = {
        { EVIDENCE_PHONE, NOW - 5, 0, false },
        { EVIDENCE_BANK_CARD, NOW - 5, NOW + 5, false },
        { EVIDENCE_FACE, NOW - 5, 0, true },
        { EVIDENCE_COUNTER, NOW - 5, NOW, false },
    };

    (void)state;
    assert_int_equal(identity_level(list, 4, NOW), 2);
    assert_int_equal(identity_level(list, 4, NOW - 1), 3);
    assert_int_equal(identity_level(list, 4, NOW + 5), 1);
}

static void
a_bank_card_match_lasts_24_months(void **state)
{
    const unix_s edge = NOW - EVIDENCE_BANK_CARD_LIFE_S;

    (void)state;
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_BANK_CARD, edge + 1, 0, false }),
                     2);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_BANK_CARD, edge, 0, false }), 0);
    assert_int_equal(
        level_of((struct evidence_view) { EVIDENCE_BANK_CARD, edge, NOW + 1000, false }), 0);
    assert_int_equal(level_of((struct evidence_view) { EVIDENCE_FACE, edge, 0, false }), 3);
}

static void
factors_of_one_kind_are_one_factor(void **state)
{
    static const struct {
        const char *amr;
        int level;
    } cases[] = {
        { "", 0 },         { "kba", 0 },     { "user", 0 },    { "password", 0 },
        { "pwd", 1 },      { "sms", 1 },     { "face", 1 },    { "hwk", 1 },
        { "pwd pin", 1 },  { "sms otp", 1 }, { "pwd sms", 2 }, { "sms pwd", 2 },
        { "face sms", 2 }, { "mfa", 2 },     { "pwd mfa", 2 }, { "swk user", 1 },
        { "swk face", 2 }, { "sc pin", 3 },  { "hwk pwd", 3 }, { "hwk face mfa", 3 },
        { "hwk mfa", 2 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(authentication_level(cases[i].amr), cases[i].level);
}

static void
a_session_is_worth_what_both_axes_carry(void **state)
{
    static const int expected[4][4] = {
        /* authentication 0, 1, 2, 3 */
        { 0, 0, 0, 0 }, /* identity l0 */
        { 0, 1, 1, 1 },
        { 0, 2, 2, 2 },
        { 0, 2, 3, 3 },
    };

    (void)state;
    for (int identity = 0; identity < 4; identity++) {
        for (int authentication = 0; authentication < 4; authentication++)
            assert_int_equal(effective_level(identity, authentication),
                             expected[identity][authentication]);
    }
    assert_int_equal(effective_level(4, 3), 4);
    assert_int_equal(effective_level(4, 2), 3);
    assert_int_equal(effective_level(3, 4), 0);
    assert_int_equal(effective_level(3, -1), 0);
    assert_int_equal(effective_level(-1, 2), 0);
}

static void
a_level_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(acr_of_level(2), "urn:hrss:acr:l2");
    assert_string_equal(acr_of_level(5), "urn:hrss:acr:l0");
    assert_string_equal(acr_of_level(-1), "urn:hrss:acr:l0");
}

static void
the_lowest_known_value_is_wanted(void **state)
{
    (void)state;
    assert_int_equal(acr_wanted(NULL), 0);
    assert_int_equal(acr_wanted(""), 0);
    assert_int_equal(acr_wanted("urn:mace:incommon:iap:silver"), 0);
    assert_int_equal(acr_wanted("urn:hrss:acr:l3 urn:hrss:acr:l2"), 2);
    assert_int_equal(acr_wanted("other urn:hrss:acr:l3"), 3);
    assert_int_equal(acr_wanted("urn:hrss:acr:l33"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_evidence_has_its_level),
        cmocka_unit_test(the_best_evidence_that_counts_decides),
        cmocka_unit_test(a_bank_card_match_lasts_24_months),
        cmocka_unit_test(factors_of_one_kind_are_one_factor),
        cmocka_unit_test(a_session_is_worth_what_both_axes_carry),
        cmocka_unit_test(a_level_has_its_name),
        cmocka_unit_test(the_lowest_known_value_is_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
