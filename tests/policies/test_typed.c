/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "idp/base/text.h"
#include "policies/bank_card.h"
#include "policies/identity_number.h"
#include "policies/phone.h"
#include "policies/typed.h"

static void
full_width_forms_become_ascii_and_blanks_go(void **state)
{
    char out[16];

    (void)state;
    assert_true(typed_ascii(" １２\u3000３-４Ｘ\u00a0＋", out, sizeof(out)));
    assert_string_equal(out, "1234X+");
}

/* B11: each of them between two digits, before and behind. */
static void
b11_what_decorates_a_number_falls_away(void **state)
{
    static const uint32_t decorations[] = {
        '\t',   '\n',   '\r',   ' ',    '-',    '.',    '(',    ')',    '[',    ']',    '{',
        '}',    0x85,   0xa0,   0xad,   0xb7,   0x61c,  0x180e, 0x2000, 0x2003, 0x2007, 0x2009,
        0x200a, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014,
        0x2015, 0x2022, 0x2027, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x202f,
        0x2043, 0x205f, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x2212, 0x2500, 0x2e3a, 0x3000,
        0x3008, 0x3010, 0x3011, 0x3014, 0x301b, 0x30fb, 0x30fc, 0xfe58, 0xfe59, 0xfe5e, 0xfe63,
        0xfeff, 0xff08, 0xff09, 0xff0d, 0xff0e, 0xff3b, 0xff3d, 0xff5b, 0xff5d, 0xff65, 0xff70,
    };
    struct arena *arena = *state;

    for (size_t i = 0; i < COUNT_OF(decorations); i++) {
        char c[5] = "";
        char out[8];

        text_put_char(c, decorations[i]);
        assert_true(typed_ascii(arena_printf(arena, "%s1%s%s2%s", c, c, c, c), out, sizeof(out)));
        assert_string_equal(out, "12");
    }
}

/* All four fields read by it. */
static void
b11_every_number_field_takes_a_decorated_number(void **state)
{
    struct arena *arena = *state;
    struct identity_number identity;
    const char *text = NULL;

    assert_null(phone_check(arena, "\ufeff(+86)\t138–0013\u20118000\u200b", &text));
    assert_string_equal(text, "+8613800138000");
    assert_null(phone_check(arena, "\u202d138 0013 8000\u202c", &text));
    assert_string_equal(text, "+8613800138000");
    assert_null(bank_card_check(arena, "6216・2610—0000\u00a00000\u2066018\u2069\n", &text));
    assert_string_equal(text, "6216261000000000018");
    assert_null(
        identity_number_check("\u200e110105【19491231】００２ｘ\ufeff", 20261122, &identity));
    assert_string_equal(identity.text, "11010519491231002X");
}

static void
what_is_not_ascii_after_that_is_refused(void **state)
{
    static const char *const bad[] = { "一二三", "1\u00b2", "٣",      "\xc0\xb1",
                                       "1\x7f",  "1\x01",   "1\ufffd" };
    char out[16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(typed_ascii(bad[i], out, sizeof(out)));
}

static void
a_result_that_does_not_fit_is_refused(void **state)
{
    char out[4];

    (void)state;
    assert_true(typed_ascii("123", out, sizeof(out)));
    assert_true(typed_ascii("1 2 3 ", out, sizeof(out)));
    assert_false(typed_ascii("1234", out, sizeof(out)));
}

static void
digits_are_zero_to_nine(void **state)
{
    (void)state;
    assert_true(typed_is_digits("0123456789"));
    assert_true(typed_is_digits(""));
    assert_false(typed_is_digits("12a"));
    assert_false(typed_is_digits("-1"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_width_forms_become_ascii_and_blanks_go),
        WITH_ARENA(b11_what_decorates_a_number_falls_away),
        WITH_ARENA(b11_every_number_field_takes_a_decorated_number),
        cmocka_unit_test(what_is_not_ascii_after_that_is_refused),
        cmocka_unit_test(a_result_that_does_not_fit_is_refused),
        cmocka_unit_test(digits_are_zero_to_nine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
