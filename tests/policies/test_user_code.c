/* SPDX-License-Identifier: Apache-2.0 */
/* XD-07: what a person types for a code. */
#include "tests/policies/kit.h"

#include <string.h>

#include "policies/user_code.h"

static void
xd_07_small_letters_hyphens_and_blanks_do_no_harm(void **state)
{
    static const char *const typed[] = { "WDJBMJHT",  "WDJB-MJHT",     "wdjb-mjht",
                                         "wdjb mjht", " W D J B MJHT", "ＷＤＪＢ－ＭＪＨＴ",
                                         "wdjb–mjht", "WDJB\tMJHT" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(typed); i++) {
        char code[USER_CODE_LETTERS + 1];

        assert_true(user_code_read(typed[i], code));
        assert_string_equal(code, "WDJBMJHT");
    }
}

static void
xd_07_what_is_no_code_is_refused(void **state)
{
    static const char *const typed[] = {
        "",          "WDJB-MJH",  "WDJB-MJHTX",       "WDJB-MJH1",   "WDJB-MJHA",   "WDJB_MJHT",
        "WDJB'MJHT", "WDJB%MJHT", "通行通行通行通行", "WDJBMJH\xff", "WDJB\x01MJHT"
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(typed); i++) {
        char code[USER_CODE_LETTERS + 1] = "kept";

        assert_false(user_code_read(typed[i], code));
        assert_string_equal(code, "kept");
    }
}

static void
it_is_shown_in_two_groups(void **state)
{
    assert_string_equal(user_code_shown(*state, "WDJBMJHT"), "WDJB-MJHT");
}

static void
assert_choices(int number, const unsigned char seed[static 8])
{
    int choices[MATCH_CHOICES];
    int again[MATCH_CHOICES];
    int found = 0;

    match_choices(number, seed, choices);
    match_choices(number, seed, again);
    assert_memory_equal(choices, again, sizeof(choices));
    for (size_t i = 0; i < MATCH_CHOICES; i++) {
        assert_in_range(choices[i], 10, 99);
        assert_true(i == 0 || choices[i - 1] < choices[i]);
        found += choices[i] == number;
    }
    assert_int_equal(found, 1);
}

static void
the_number_is_among_different_others_in_order(void **state)
{
    (void)state;
    for (int number = 10; number <= 99; number++) {
        for (unsigned seed = 0; seed < 256; seed++) {
            const unsigned char bytes[8] = {
                0, 0, 0, (unsigned char)seed, 0, (unsigned char)(seed / 2), 0, 0
            };

            assert_choices(number, bytes);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(xd_07_small_letters_hyphens_and_blanks_do_no_harm),
        WITH_ARENA(xd_07_what_is_no_code_is_refused),
        WITH_ARENA(it_is_shown_in_two_groups),
        WITH_ARENA(the_number_is_among_different_others_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
