/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/identity_number.h"

#define TODAY 20261122

static void
assert_refused_all(const char *const *list, size_t count, const struct problem *problem)
{
    for (size_t i = 0; i < count; i++) {
        struct identity_number out = { .kind = IDENTITY_UNKNOWN };

        assert_ptr_equal(identity_number_check(list[i], TODAY, &out), problem);
        assert_int_equal(out.kind, IDENTITY_UNKNOWN);
    }
}

static void
sound_numbers_are_accepted_with_what_they_say(void **state)
{
    static const struct {
        const char *text;
        int32_t birth_date;
        bool male;
    } cases[] = {
        { "11010519491231002X", 19491231, false }, { "440524188001010014", 18800101, true },
        { "440106200002290032", 20000229, true },  { "110105185001010013", 18500101, true },
        { "11010520261122001X", 20261122, true },  { "110105201202290012", 20120229, true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct identity_number out;

        assert_null(identity_number_check(cases[i].text, TODAY, &out));
        assert_string_equal(out.text, cases[i].text);
        assert_int_equal(out.kind, IDENTITY_CITIZEN);
        assert_int_equal(out.birth_date, cases[i].birth_date);
        assert_int_equal(out.male, cases[i].male);
    }
}

static void
tx_05_malformed_utf8_in_a_number_is_refused(void **state)
{
    static const char *const bad[] = { "11010519491231002\xc1\x98", "\xc0\x80", "\xed\xa0\x80",
                                       "11010519491231002\xf5" };

    (void)state;
    assert_refused_all(bad, COUNT_OF(bad), &problem_identity_number_invalid);
}

static void
tx_07_every_way_of_typing_gives_one_form(void **state)
{
    static const char *const ways[] = {
        "11010519491231002X",     "11010519491231002x",
        " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002ｘ",    "110105\u300019491231\u00a0002X",
        "110105-19491231-002X"
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct identity_number once;
        struct identity_number twice;

        assert_null(identity_number_check(ways[i], TODAY, &once));
        assert_string_equal(once.text, "11010519491231002X");
        assert_null(identity_number_check(once.text, TODAY, &twice));
        assert_string_equal(twice.text, once.text);
    }
}

static void
tx_08_a_wrong_check_character_or_date_is_refused(void **state)
{
    static const char *const bad[] = {
        "110105194912310021", /* check character */
        "110105194912300021", /* a digit changed */
        "110105199902300015", /* 30 February */
        "110105190002290017", /* 1900 is no leap year */
        "110105200102290010", "110105199013010018", "110105199000010019",
        "110105199001000015", "110105202611230015", /* born tomorrow */
        "110105202701010016", "110105184912310012", /* before 1850 */
        "010105194912310026",                       /* no such first digit */
    };

    (void)state;
    assert_refused_all(bad, COUNT_OF(bad), &problem_identity_number_invalid);
}

static void
other_lengths_and_characters_are_refused(void **state)
{
    static const char *const bad[] = { "",
                                       " ",
                                       "1",
                                       "11010519491231002",
                                       "11010519491231002XX",
                                       "1101051949123100XX",
                                       "X1010519491231002X",
                                       "11010519491231002A",
                                       "USA110105194912" };

    (void)state;
    assert_refused_all(bad, COUNT_OF(bad), &problem_identity_number_invalid);
}

static void
tx_09_the_old_form_is_named_and_maps_to_the_new_one(void **state)
{
    static const char *const old[] = { "110105491231002", "１１０１０５ 491231 002" };
    char text[19];

    (void)state;
    assert_refused_all(old, COUNT_OF(old), &problem_identity_number_old);
    assert_true(identity_number_from_15("110105491231002", text));
    assert_string_equal(text, "11010519491231002X");
}

static void
tx_10_centenarians_and_malformed_numbers_are_not_mapped(void **state)
{
    static const char *const bad[] = { "110105491231996",  "110105491231997", "110105491231998",
                                       "110105491231999",  "110105491331002", "11010549123100",
                                       "1101054912310022", "11010549123100X", "" };
    char text[19] = "untouched";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(identity_number_from_15(bad[i], text));
    assert_string_equal(text, "untouched");
    assert_true(identity_number_from_15("110105491231995", text));
}

static void
tx_11_residence_documents_are_kinds_of_their_own(void **state)
{
    static const struct {
        const char *text;
        enum identity_kind kind;
    } cases[] = {
        { "810000199003071018", IDENTITY_RESIDENCE_PERMIT },
        { "820000199003072012", IDENTITY_RESIDENCE_PERMIT },
        { "830000199003073017", IDENTITY_RESIDENCE_PERMIT },
        { "840000199003073019", IDENTITY_CITIZEN }, /* area codes are not judged */
        { "911124198108030024", IDENTITY_PERMANENT_RESIDENT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct identity_number out;

        assert_null(identity_number_check(cases[i].text, TODAY, &out));
        assert_int_equal(out.kind, cases[i].kind);
    }
}

static void
bk_19_a_child_is_under_14_until_the_birthday(void **state)
{
    (void)state;
    assert_int_equal(age_on(20121123, TODAY), 13);
    assert_int_equal(age_on(20121122, TODAY), 14);
    assert_int_equal(age_on(20121121, TODAY), 14);
}

static void
bk_21_age_goes_by_the_calendar(void **state)
{
    static const struct {
        int32_t born;
        int32_t today;
        int32_t age;
    } cases[] = {
        { 20120229, 20260228, 13 }, { 20120229, 20260301, 14 }, { 20120229, 20280228, 15 },
        { 20120229, 20280229, 16 }, { 19491231, 20261122, 76 }, { 20261122, 20261122, 0 },
        { 20261123, 20261122, 0 },  { 20270101, 20261122, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(age_on(cases[i].born, cases[i].today), cases[i].age);
}

static void
a_mask_keeps_three_and_four_characters(void **state)
{
    assert_string_equal(identity_number_masked(*state, "11010519491231002X"), "110***********002X");
    assert_string_equal(identity_number_masked(*state, "1234567"), "*******");
    assert_string_equal(identity_number_masked(*state, ""), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_numbers_are_accepted_with_what_they_say),
        cmocka_unit_test(tx_05_malformed_utf8_in_a_number_is_refused),
        cmocka_unit_test(tx_07_every_way_of_typing_gives_one_form),
        cmocka_unit_test(tx_08_a_wrong_check_character_or_date_is_refused),
        cmocka_unit_test(other_lengths_and_characters_are_refused),
        cmocka_unit_test(tx_09_the_old_form_is_named_and_maps_to_the_new_one),
        cmocka_unit_test(tx_10_centenarians_and_malformed_numbers_are_not_mapped),
        cmocka_unit_test(tx_11_residence_documents_are_kinds_of_their_own),
        cmocka_unit_test(bk_19_a_child_is_under_14_until_the_birthday),
        cmocka_unit_test(bk_21_age_goes_by_the_calendar),
        WITH_ARENA(a_mask_keeps_three_and_four_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
