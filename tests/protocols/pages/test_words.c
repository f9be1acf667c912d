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
every_word_says_something_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < WORD_COUNT; i++) {
        const char *zh = word("zh-CN", (enum word)i);
        const char *en = word("en", (enum word)i);

        assert_true(*zh != '\0' && *en != '\0');
        assert_true(text_is_utf8(zh, strlen(zh)) && text_is_utf8(en, strlen(en)));
    }
}

static void
both_languages_have_the_same_hole(void **state)
{
    (void)state;
    for (int i = 0; i < WORD_COUNT; i++) {
        const char *zh = strstr(word("zh-CN", (enum word)i), "{0}");
        const char *en = strstr(word("en", (enum word)i), "{0}");

        assert_int_equal(zh != NULL, en != NULL);
        if (zh == NULL || en == NULL)
            continue;
        assert_null(strchr(zh + 1, '{'));
        assert_null(strchr(en + 1, '{'));
    }
}

static void
an_unknown_language_reads_chinese(void **state)
{
    (void)state;
    assert_string_equal(word(NULL, WORD_next), "下一步");
    assert_string_equal(word("fr", WORD_next), "下一步");
    assert_string_equal(word("en", WORD_next), "Continue");
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
        cmocka_unit_test(every_word_says_something_in_both_languages),
        cmocka_unit_test(both_languages_have_the_same_hole),
        cmocka_unit_test(an_unknown_language_reads_chinese),
        cmocka_unit_test(a_word_is_found_by_its_whole_symbol),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
