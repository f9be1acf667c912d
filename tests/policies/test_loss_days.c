/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/loss_days.h"

#define LIST "310000:5 610100:7 420100:7 610113:9 *:15"

static void
the_narrowest_region_counts(void **state)
{
    static const struct {
        const char *region;
        int64_t days;
    } cases[] = {
        { "310000", 5 },  { "310115", 5 }, { "610100", 7 },  { "610102", 7 },  { "610113", 9 },
        { "610200", 15 }, { "420106", 7 }, { "420600", 15 }, { "110105", 15 }, { "", 15 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(loss_days(LIST, cases[i].region), cases[i].days);
    assert_int_equal(loss_days("*:3 330000:4", "330102"), 4);
}

static void
a_list_says_what_is_wrong_with_it(void **state)
{
    static const char *const good[] = { LIST, "*:1", "*:365", " *:15  310000:5 " };
    static const char *const bad[] = { "",
                                       "310000:5",
                                       "*:0",
                                       "*:366",
                                       "*:x",
                                       "*",
                                       "31000:5 *:15",
                                       "3100000:5 *:15",
                                       "31000a:5 *:15",
                                       "*:15 *:7",
                                       "310000:5 310000:7 *:15",
                                       ":5 *:15",
                                       "310000: *:15" };

    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_null(loss_days_check(*state, good[i]));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_non_null(loss_days_check(*state, bad[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(the_narrowest_region_counts),
        WITH_ARENA(a_list_says_what_is_wrong_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
