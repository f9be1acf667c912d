/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policies/card_region.h"

static void
regions_are_six_digits_each(void **state)
{
    (void)state;
    assert_true(card_regions_are_sound(""));
    assert_true(card_regions_are_sound("330500"));
    assert_true(card_regions_are_sound("330500 310000"));
    assert_false(card_regions_are_sound("33050"));
    assert_false(card_regions_are_sound("3305000"));
    assert_false(card_regions_are_sound("33050x"));
    assert_false(card_regions_are_sound("003305"));
    assert_false(card_regions_are_sound("330500 Zhejiang"));
}

static void
noughts_at_the_end_stand_for_all_below(void **state)
{
    static const struct {
        const char *region;
        const char *regions;
        bool lies_in;
    } cases[] = {
        { "330502", "", true },        { "330502", "330502", true },
        { "330502", "330503", false }, { "330502", "330500", true },
        { "330602", "330500", false }, { "330602", "330000", true },
        { "340602", "330000", false }, { "340602", "330000 340000", true },
        { "330500", "330502", false }, /* a city is not one of its districts */
        { "330010", "330010", true },  { "33", "330000", false },
        { "", "330000", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(card_region_lies_in(cases[i].region, cases[i].regions), cases[i].lies_in);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_are_six_digits_each),
        cmocka_unit_test(noughts_at_the_end_stand_for_all_below),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
