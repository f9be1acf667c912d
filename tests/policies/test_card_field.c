/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/card_field.h"

#define TODAY 20260101

static void
a_region_is_six_digits(void **state)
{
    (void)state;
    assert_true(card_region_is_sound("330500"));
    assert_false(card_region_is_sound("33050"));
    assert_false(card_region_is_sound("3305000"));
    assert_false(card_region_is_sound("33050A"));
    assert_false(card_region_is_sound(""));
}

static void
a_card_number_is_letters_and_then_digits(void **state)
{
    (void)state;
    assert_true(card_no_is_sound("X00000019"));
    assert_true(card_no_is_sound("AB0000019"));
    assert_false(card_no_is_sound("ABC000019"));
    assert_false(card_no_is_sound("000000019"));
    assert_false(card_no_is_sound("x00000019"));
    assert_false(card_no_is_sound("X0000001"));
    assert_false(card_no_is_sound("X000000190"));
}

static void
an_identity_number_has_its_one_form(void **state)
{
    (void)state;
    assert_true(card_identity_is_sound("11010519491231002X", TODAY));
    assert_false(card_identity_is_sound("11010519491231002x", TODAY));
    assert_false(card_identity_is_sound("110105194912310021", TODAY));
    assert_false(card_identity_is_sound("", TODAY));
}

static void
a_date_is_a_day_that_there_is(void **state)
{
    int32_t date = 0;

    (void)state;
    assert_true(card_date_read("20240229", &date));
    assert_int_equal(date, 20240229);
    assert_false(card_date_read("20230229", &date));
    assert_false(card_date_read("21000229", &date));
    assert_false(card_date_read("20230431", &date));
    assert_false(card_date_read("20231301", &date));
    assert_false(card_date_read("20230100", &date));
    assert_false(card_date_read("2023010", &date));
    assert_false(card_date_read("2023-1-1", &date));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_region_is_six_digits),
        cmocka_unit_test(a_card_number_is_letters_and_then_digits),
        cmocka_unit_test(an_identity_number_has_its_one_form),
        cmocka_unit_test(a_date_is_a_day_that_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
