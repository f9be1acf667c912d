/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/text.h"

static void
nothing_equals_only_nothing(void **state)
{
    (void)state;
    assert_true(text_eq(NULL, NULL));
    assert_false(text_eq(NULL, ""));
    assert_false(text_eq("a", "A"));
    assert_true(text_eq_ignoring_case("Basic", "bASIC"));
    assert_false(text_eq_ignoring_case("\xc3\xa9", "\xc3\x89"));
    assert_true(text_is_empty(NULL));
    assert_true(text_is_empty(""));
    assert_false(text_is_empty(" "));
}

static void
beginnings_and_ends_are_found(void **state)
{
    (void)state;
    assert_true(text_starts("Bearer x", "Bearer "));
    assert_true(text_starts("x", ""));
    assert_false(text_starts("Bea", "Bearer"));
    assert_true(text_ends("a.do", ".do"));
    assert_false(text_ends("do", ".do"));
    assert_true(text_ends("x", ""));
}

/* TX-04, TX-05: what the gate asks of every byte that comes in. */
static void
ill_formed_utf8_is_seen(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } bad[] = {
        { "\xc0\x80", 2 },
        { "\xc1\xbf", 2 },
        { "\xe0\x80\x80", 3 },
        { "\xed\xa0\x80", 3 },
        { "\xed\xbf\xbf", 3 },
        { "\xf0\x80\x80\x80", 4 },
        { "\xf4\x90\x80\x80", 4 },
        { "\xf5\x80\x80\x80", 4 },
        { "\xff", 1 },
        { "\x80", 1 },
        { "\xe9\x80", 2 },
        { "\xf0\xa0\xae", 3 },
        { "a\xe9", 2 },
        { "\xe9\x80\x41", 3 },
        { "admin\0x", 7 },
        { "\0", 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(text_is_utf8(bad[i].text, bad[i].size));
}

static void
well_formed_utf8_passes_up_to_its_last_character(void **state)
{
    static const char *const good[] = {
        "", "a", "é", "通行", "𠮷", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
}

static void
characters_go_in_and_out(void **state)
{
    static const uint32_t points[] = { 'a',    0x7f,   0x80,    0x7ff,   0x800,
                                       0x901a, 0xffff, 0x10000, 0x20bb7, 0x10ffff };

    (void)state;
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        char text[5] = "";
        const char *at = text;
        size_t size = text_put_char(text, points[i]);

        assert_int_equal(size, strlen(text));
        assert_int_equal(text_next_char(&at), points[i]);
        assert_int_equal(text_next_char(&at), 0);
    }
    assert_int_equal(text_count_chars("a通𠮷"), 3);
}

static void
only_plain_decimals_within_bounds_are_numbers(void **state)
{
    static const char *const bad[] = { "",    "+1",  " 1", "1 ",  "1.0", "1e3",
                                       "0x1", "--1", "-",  "101", "-11", "99999999999999999999" };
    int64_t out;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(text_to_int(bad[i], -10, 100, &out), ERR_INVALID);
    assert_int_equal(text_to_int("-10", -10, 100, &out), OK);
    assert_int_equal(out, -10);
    assert_int_equal(text_to_int("100", -10, 100, &out), OK);
    assert_int_equal(out, 100);
    assert_int_equal(text_to_int("922337203685477580", 0, INT64_MAX, &out), OK);
    assert_int_equal(out, 922337203685477580);
    assert_int_equal(text_to_int("9223372036854775808", 0, INT64_MAX, &out), ERR_INVALID);
    assert_int_equal(text_to_int("-1", 0, 100, &out), ERR_INVALID);
}

static void
words_of_a_list_are_whole_words(void **state)
{
    assert_true(text_list_has("openid profile", "profile"));
    assert_false(text_list_has("openid profile", "pro"));
    assert_false(text_list_has("", "openid"));
    assert_int_equal(text_list_count("  a  b c "), 3);
    assert_int_equal(text_list_count(""), 0);
    assert_true(text_list_within("b a b", "a b c"));
    assert_false(text_list_within("a d", "a b c"));
    assert_true(text_list_within("", "a"));
    assert_string_equal(text_list_union(*state, "pwd", "sms pwd otp"), "pwd sms otp");
    assert_string_equal(text_list_union(*state, "", "sms"), "sms");
    assert_string_equal(text_list_union(*state, "pwd", ""), "pwd");
    assert_string_equal(text_list_common(*state, "c a x c", "a b c"), "c a");
    assert_string_equal(text_list_common(*state, "x", "a"), "");
}

static void
white_space_goes_at_both_ends_only(void **state)
{
    assert_string_equal(text_trimmed(*state, " \t a b \r\n"), "a b");
    assert_string_equal(text_trimmed(*state, "   "), "");
    assert_string_equal(text_trimmed(*state, ""), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(nothing_equals_only_nothing),
        base_test(beginnings_and_ends_are_found),
        base_test(ill_formed_utf8_is_seen),
        base_test(well_formed_utf8_passes_up_to_its_last_character),
        base_test(characters_go_in_and_out),
        base_test(only_plain_decimals_within_bounds_are_numbers),
        base_test(words_of_a_list_are_whole_words),
        base_test(white_space_goes_at_both_ends_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
