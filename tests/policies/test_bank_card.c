/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/bank_card.h"

static void
sound_cards_are_accepted_in_one_form(void **state)
{
    static const struct {
        const char *typed;
        const char *digits;
    } cases[] = {
        { "6216261000000000018", "6216261000000000018" },
        { "6226 0900 0000 0048", "6226090000000048" },
        { "6226-0900-0000-0048", "6226090000000048" },
        { "６２２６ ０９００ ００００ ００４８", "6226090000000048" },
        { "6228480000000", "6228480000000" },
        { "4111111111111111", "4111111111111111" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *once = NULL;
        const char *twice = NULL;

        assert_null(bank_card_check(*state, cases[i].typed, &once));
        assert_string_equal(once, cases[i].digits);
        assert_null(bank_card_check(*state, once, &twice));
        assert_string_equal(twice, once);
    }
}

static void
bk_22_luhn_letters_and_lengths_are_refused(void **state)
{
    static const char *const bad[] = {
        "6221558812340000",
        "6226090000000049",
        "622609000000004X",
        "622848000000",
        "62284800000000000007",
        "622609000000004862260900000048",
        "",
        "-",
        "6226090000000048a",
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *digits = NULL;

        assert_ptr_equal(bank_card_check(*state, bad[i], &digits), &problem_bank_card_invalid);
        assert_null(digits);
    }
}

static void
what_may_be_kept_are_the_ends(void **state)
{
    assert_string_equal(bank_card_last_four("6216261000000000018"), "0018");
    assert_string_equal(bank_card_issuer_bin(*state, "6216261000000000018"), "621626");
}

static void
a_card_is_shown_in_groups_of_four(void **state)
{
    static const struct {
        const char *typed;
        const char *shown;
    } cases[] = {
        { "6216261000000000018", "6216 2610 0000 0000 018" },
        { "6216-2610 0000 0000 018", "6216 2610 0000 0000 018" },
        { "62162610", "6216 2610" },
        { "", "" },
        { "6216x", "6216x" },
        { "12345678901234567890", "12345678901234567890" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(bank_card_grouped(*state, cases[i].typed), cases[i].shown);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_card_is_shown_in_groups_of_four),
        WITH_ARENA(sound_cards_are_accepted_in_one_form),
        WITH_ARENA(bk_22_luhn_letters_and_lengths_are_refused),
        WITH_ARENA(what_may_be_kept_are_the_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
