/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/language.h"
#include "idp/base/text.h"
#include "tests/base/kit.h"

static void
every_language_has_a_tag_a_name_and_a_direction(void **state)
{
    (void)state;
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const struct language_row *row = &languages[i];
        enum language found;

        assert_false(text_is_empty(row->tag));
        assert_false(text_is_empty(row->name));
        assert_true(text_eq(row->direction, "ltr") || text_eq(row->direction, "rtl"));
        assert_true(language_of_tag(row->tag, strlen(row->tag), &found));
        assert_int_equal(found, i);
    }
}

static void
a_tags_primary_subtag_decides(void **state)
{
    static const struct {
        const char *tag;
        enum language language;
    } cases[] = {
        { "zh", LANGUAGE_ZH_CN }, { "zh-Hant-TW", LANGUAGE_ZH_CN }, { "ZH-cn", LANGUAGE_ZH_CN },
        { "en", LANGUAGE_EN },    { "EN-gb", LANGUAGE_EN },         { "en-", LANGUAGE_EN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum language found = LANGUAGE_COUNT;

        assert_true(language_of_tag(cases[i].tag, strlen(cases[i].tag), &found));
        assert_int_equal(found, cases[i].language);
    }
}

static void
a_tag_of_none_is_told_apart(void **state)
{
    static const char *const cases[] = { "", "-", "e", "eng", "enx-GB", "fr", "z-CN", "-en" };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum language found = LANGUAGE_COUNT;

        assert_false(language_of_tag(cases[i], strlen(cases[i]), &found));
        assert_int_equal(found, LANGUAGE_COUNT);
    }
}

static void
a_tag_need_not_end_in_nul(void **state)
{
    enum language found;

    (void)state;
    assert_true(language_of_tag("english", 2, &found));
    assert_int_equal(found, LANGUAGE_EN);
    assert_false(language_of_tag("en", 1, &found));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_has_a_tag_a_name_and_a_direction),
        cmocka_unit_test(a_tags_primary_subtag_decides),
        cmocka_unit_test(a_tag_of_none_is_told_apart),
        cmocka_unit_test(a_tag_need_not_end_in_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
