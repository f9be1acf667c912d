/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "policies/message.h"

#define SMS(...)                                                                                   \
    {                                                                                              \
        .sms = {.url = "http://127.0.0.1:1/", __VA_ARGS__ }                                        \
    }

static void
a_purpose_has_its_own_template_or_the_one_for_all(void **state)
{
    static const struct settings settings =
        SMS(.template_code = "SMS_1", .template_code_bank = "SMS_2", .template_code_login = "");

    (void)state;
    assert_string_equal(message_template(&settings, "bank"), "SMS_2");
    assert_string_equal(message_template(&settings, "login"), "SMS_1");
    assert_string_equal(message_template(&settings, "register"), "SMS_1");
    assert_string_equal(message_template(&settings, "another"), "SMS_1");
}

static void
a_template_without_effect_and_a_purpose_without_template_are_refused(void **state)
{
    static const struct {
        struct settings settings;
        const char *sentence;
    } cases[] = {
        { SMS(.template_code = "1"), NULL },
        { SMS(.template_code = "1", .template_code_bank = "2", .template_partner = "app"), NULL },
        { SMS(.template_code_register = "1", .template_code_login = "2", .template_code_bank = "3",
              .template_code_recover = "4"),
          NULL },
        { SMS(.template_code = ""), "sms.template_code_register or sms.template_code is missing." },
        { SMS(.template_code_register = "1", .template_code_login = "2"),
          "sms.template_code_bank or sms.template_code is missing." },
        { SMS(.template_code = "0", .template_code_register = "1", .template_code_login = "2",
              .template_code_bank = "3", .template_code_recover = "4"),
          "sms.template_code has no effect: every purpose has a template of its own." },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *sentence = message_settings_check(*state, &cases[i].settings);

        if (cases[i].sentence == NULL)
            assert_null(sentence);
        else
            assert_string_equal(sentence, cases[i].sentence);
    }
}

static void
a_variable_is_letters_digits_and_underscores_and_not_the_codes(void **state)
{
    static const char *const fit[] = { NULL, "", "app", "app_2" };
    static const char *const unfit[] = { "code", "a\"b", "${app}", "a b", "应用" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(fit); i++)
        assert_true(message_variable_fits(fit[i]));
    for (size_t i = 0; i < COUNT_OF(unfit); i++)
        assert_false(message_variable_fits(unfit[i]));
}

static void
a_name_carries_no_address_no_signature_and_no_line(void **state)
{
    static const struct {
        const char *name;
        const char *kept;
    } cases[] = {
        { "网上办事大厅", "网上办事大厅" },
        { "Web Hall 2", "Web Hall 2" },
        { "【银行】转账 http://evil.cn/x", "银行转账 httpevilcnx" },
        { "evil。cn\u3002\uff0e\uff61", "evilcn" },
        { "a\nb\t\"c\"\\{}$", "abc" },
        { "\u202e大厅\u200b\ufeff", "大厅" },
        { " \u00a0 ", "" },
        { "", "" },
        { "一二三四五六七八九十一二三四五六七八九十一",
          "一二三四五六七八九十一二三四五六七八九十" },
        { "𠮷医院", "𠮷医院" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(message_name(*state, cases[i].name), cases[i].kept);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_purpose_has_its_own_template_or_the_one_for_all),
        WITH_ARENA(a_template_without_effect_and_a_purpose_without_template_are_refused),
        WITH_ARENA(a_variable_is_letters_digits_and_underscores_and_not_the_codes),
        WITH_ARENA(a_name_carries_no_address_no_signature_and_no_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
