/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "idp/base/text.h"
#include "policies/card_purpose.h"

static void
each_purpose_is_found_by_its_name_and_by_its_letter(void **state)
{
    (void)state;
    for (enum card_purpose i = CARD_PURPOSE_NONE + 1; i < CARD_PURPOSES; i++) {
        const struct card_purpose_rule *rule = card_purpose_rule(i);

        assert_int_equal(card_purpose_named(rule->name), i);
        assert_int_equal(card_purpose_of_letter((const char[]) { rule->letter, '\0' }), i);
    }
}

static void
no_other_text_is_a_purpose(void **state)
{
    static const char *const texts[] = { "", "S", "ss", "show ", "Show", " ", "sho" };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(card_purpose_named(texts[i]), CARD_PURPOSE_NONE);
        assert_int_equal(card_purpose_of_letter(texts[i]), CARD_PURPOSE_NONE);
    }
    assert_string_equal(card_purpose_rule(CARD_PURPOSE_NONE)->name, "");
    assert_string_equal(card_purpose_rule(CARD_PURPOSES)->name, "");
}

static void
only_paying_needs_level_two_and_the_password(void **state)
{
    (void)state;
    for (enum card_purpose i = CARD_PURPOSE_NONE + 1; i < CARD_PURPOSES; i++) {
        bool pays = text_eq(card_purpose_rule(i)->name, "pay");

        assert_int_equal(card_purpose_rule(i)->level, pays ? 2 : 1);
        assert_int_equal(card_purpose_rule(i)->password, pays);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_purpose_is_found_by_its_name_and_by_its_letter),
        cmocka_unit_test(no_other_text_is_a_purpose),
        cmocka_unit_test(only_paying_needs_level_two_and_the_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
