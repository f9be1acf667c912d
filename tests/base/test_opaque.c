/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <string.h>

#include "idp/base/opaque.h"

static void
one_text_has_one_form_whatever_the_keyboard_sends(void **state)
{
    static const struct {
        const char *typed;
        const char *form;
    } cases[] = {
        { "correct horse 42", "correct horse 42" },
        { "e\u0301x", "\u00e9x" },
        { "Nguye\u0302\u0303n", "Nguy\u1ec5n" },
        { "\u1100\u1161", "\uac00" },
        { "\u212b", "\u00c5" },
        { "a\u00a0b\u3000c\u2009", "a b c " },
        { "\uff21\uff42", "\uff21\uff42" }, /* a full-width letter is another letter */
        { "通行 😀", "通行 😀" },
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char once[64];
        char twice[64];

        assert_true(text_opaque(cases[i].typed, once, sizeof(once)));
        assert_string_equal(once, cases[i].form);
        assert_true(text_opaque(once, twice, sizeof(twice)));
        assert_string_equal(twice, once);
    }
}

static void
what_has_no_form_leaves_the_answer_alone(void **state)
{
    static const char *const cases[] = { "a\x01", "a\u200bb", "\ue000", "\U000f0000" };
    char out[64] = "kept";

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_false(text_opaque(cases[i], out, sizeof(out)));
    assert_false(text_opaque("four", out, 4));
    assert_string_equal(out, "kept");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_text_has_one_form_whatever_the_keyboard_sends),
        cmocka_unit_test(what_has_no_form_leaves_the_answer_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
