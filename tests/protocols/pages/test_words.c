/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "idp/base/text.h"
#include "protocols/pages/words.h"

static void
every_word_says_something_in_every_language(void **state)
{
    (void)state;
    for (int i = 0; i < WORD_COUNT * LANGUAGE_COUNT; i++) {
        const char *text =
            word((enum language)(i % LANGUAGE_COUNT), (enum word)(i / LANGUAGE_COUNT));

        assert_true(!text_is_empty(text) && text_is_utf8(text, strlen(text)));
    }
}

static bool
has_hole(enum language language, enum word w)
{
    const char *hole = strstr(word(language, w), "{0}");

    if (hole == NULL)
        assert_null(strchr(word(language, w), '{'));
    else
        assert_null(strchr(hole + 1, '{'));
    return hole != NULL;
}

static void
a_word_has_the_same_hole_in_every_language(void **state)
{
    (void)state;
    for (int i = 0; i < WORD_COUNT; i++) {
        for (int l = 1; l < LANGUAGE_COUNT; l++)
            assert_int_equal(has_hole((enum language)l, (enum word)i),
                             has_hole(LANGUAGE_ZH_CN, (enum word)i));
    }
}

static void
a_word_is_said_in_the_language_asked_for(void **state)
{
    (void)state;
    assert_string_equal(word(LANGUAGE_ZH_CN, WORD_next), "下一步");
    assert_string_equal(word(LANGUAGE_EN, WORD_next), "Continue");
}

static void
a_word_is_found_by_its_whole_symbol(void **state)
{
    enum word found;

    (void)state;
    assert_int_equal(word_find("next_and_more", 4, &found), OK);
    assert_int_equal(found, WORD_next);
    assert_int_equal(word_find("nex", 3, &found), ERR_NOT_FOUND);
    assert_int_equal(word_find("", 0, &found), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_says_something_in_every_language),
        cmocka_unit_test(a_word_has_the_same_hole_in_every_language),
        cmocka_unit_test(a_word_is_said_in_the_language_asked_for),
        cmocka_unit_test(a_word_is_found_by_its_whole_symbol),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
