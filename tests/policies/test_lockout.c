/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/lockout.h"

static const struct settings settings = {
    .limits = { .password_tries = 5,
                .password_tries_phone = 20,
                .password_window_s = 86400,
                .password_wait_s = 120,
                .password_wait_most_s = 900,
                .password_tries_address = 1000,
                .password_address_window_s = 600,
                .codes_minute = 1,
                .codes_hour = 6,
                .codes_day = 10,
                .codes_strangers_free = 15,
                .codes_strangers_day = 21,
                .codes_wait_s = 60,
                .codes_wait_most_s = 3600,
                .codes_phone_day = 30,
                .codes_address = 300,
                .codes_prefix = 2000,
                .codes_address_window_s = 301,
                .codes_all_minute = 20001,
                .codes_all_day = 800,
                .bank_person_day = 3,
                .bank_card_day = 4,
                .client_failures = 22,
                .devices_address = 31,
                .devices_partner = 32,
                .user_codes = 33,
                .user_codes_address = 34,
                .card_tries = 3,
                .card_window_s = 86400,
                .card_wait_s = 300,
                .card_wait_most_s = 3601,
                .card_tries_terminal = 31,
                .card_terminal_window_s = 601,
                .card_password_tries = 6,
                .card_password_window_s = 7200,
                .prompts = 3,
                .replies = 5 },
};

static void
every_kind_has_its_numbers_from_the_settings(void **state)
{
    static const struct attempt_rule rules[ATTEMPT_KIND_COUNT] = {
        [ATTEMPT_PASSWORD] = { "password", 86400, 5, 120, 900, 0 },
        [ATTEMPT_PASSWORD_PHONE] = { "password_phone", 86400, 20, 120, 900, 0 },
        [ATTEMPT_PASSWORD_ADDRESS] = { "password_address", 600, 1000, 0, 0, 0 },
        [ATTEMPT_SMS_MINUTE] = { "sms_minute", 60, 1, 0, 0, 0 },
        [ATTEMPT_SMS_HOUR] = { "sms_hour", 3600, 6, 0, 0, 0 },
        [ATTEMPT_SMS_DAY] = { "sms_day", 86400, 10, 0, 0, 0 },
        [ATTEMPT_SMS_STRANGERS] = { "sms_strangers", 86400, 15, 60, 3600, 21 },
        [ATTEMPT_SMS_PHONE] = { "sms_phone", 86400, 30, 0, 0, 0 },
        [ATTEMPT_SMS_ADDRESS] = { "sms_address", 301, 300, 0, 0, 0 },
        [ATTEMPT_SMS_PREFIX] = { "sms_prefix", 301, 2000, 0, 0, 0 },
        [ATTEMPT_SMS_ALL_MINUTE] = { "sms_all_minute", 60, 2501, 0, 0, 0 }, /* of a lane */
        [ATTEMPT_SMS_ALL_DAY] = { "sms_all_day", 86400, 100, 0, 0, 0 },
        [ATTEMPT_BANK_PERSON_DAY] = { "bank_person_day", 86400, 3, 0, 0, 0 },
        [ATTEMPT_BANK_CARD_DAY] = { "bank_card_day", 86400, 4, 0, 0, 0 },
        [ATTEMPT_CLIENT_SECRET] = { "client_secret", 60, 22, 0, 0, 0 },
        [ATTEMPT_CLIENT_UNKNOWN] = { "client_unknown", 60, 22, 0, 0, 0 },
        [ATTEMPT_PROMPT_TOLD] = { "prompt_told", 300, 1, 0, 0, 0 },
        [ATTEMPT_DEVICE_ADDRESS] = { "device_address", 600, 31, 0, 0, 0 },
        [ATTEMPT_DEVICE_PARTNER] = { "device_partner", 600, 32, 0, 0, 0 },
        [ATTEMPT_USER_CODE_SESSION] = { "user_code_session", 600, 33, 0, 0, 0 },
        [ATTEMPT_USER_CODE_ADDRESS] = { "user_code_address", 600, 34, 0, 0, 0 },
        [ATTEMPT_TERMINAL_CODE] = { "terminal_code", 60, 22, 0, 0, 0 },
        [ATTEMPT_COUNTER_CODE] = { "counter_code", 60, 22, 0, 0, 0 },
        [ATTEMPT_CARD_PIN] = { "card_pin", 86400, 3, 300, 3601, 0 },
        [ATTEMPT_CARD_TERMINAL] = { "card_terminal", 601, 31, 0, 0, 0 },
        [ATTEMPT_PROMPT] = { "prompt", 300, 3, 0, 0, 0 },
        [ATTEMPT_REPLY] = { "reply", 600, 5, 0, 0, 0 },
        [ATTEMPT_QR_GUESS] = { "qr_guess", 600, 20, 0, 0, 0 },
        [ATTEMPT_FAMILY] = { "family", 86400, 10, 0, 0, 0 },
        [ATTEMPT_FAMILY_PAIR] = { "family_pair", 86400, 3, 0, 0, 0 },
        [ATTEMPT_CARD_PASSWORD] = { "card_password", 7200, 6, 7200, 7200, 0 },
        [ATTEMPT_CARD_CODE] = { "card_code", 600, 20, 0, 0, 0 },
        [ATTEMPT_STAFF_READ] = { "staff_read", 3600, 200, 0, 0, 0 },
        [ATTEMPT_STAFF_MISS] = { "staff_miss", 3600, 200, 0, 0, 0 },
        [ATTEMPT_STAFF] = { "staff", 86400, 5, 900, 900, 0 },
        [ATTEMPT_STAFF_SOURCE] = { "staff_source", 86400, 5, 900, 900, 0 },
    };

    (void)state;
    for (int kind = ATTEMPT_NONE + 1; kind < ATTEMPT_KIND_COUNT; kind++) {
        struct attempt_rule rule = attempt_rule(&settings, (enum attempt_kind)kind);

        assert_string_equal(rule.name, rules[kind].name);
        assert_int_equal(rule.window_s, rules[kind].window_s);
        assert_int_equal(rule.cap, rules[kind].cap);
        assert_int_equal(rule.wait_s, rules[kind].wait_s);
        assert_int_equal(rule.wait_most_s, rules[kind].wait_most_s);
        assert_int_equal(rule.most, rules[kind].most);
    }
}

static void
a_wall_stands_until_the_window_ends(void **state)
{
    struct attempt_rule rule = { .window_s = 600, .cap = 3 };

    (void)state;
    assert_int_equal(attempt_wait_s(&rule, 0, 0, 600), 0);
    assert_int_equal(attempt_wait_s(&rule, 2, 0, 400), 0);
    assert_int_equal(attempt_wait_s(&rule, 3, 0, 400), 400);
    assert_int_equal(attempt_wait_s(&rule, 9, 399, 1), 1);
}

static void
the_wait_doubles_up_to_its_end_and_is_over_after_it(void **state)
{
    static const struct {
        int64_t count;
        int64_t since_s;
        int64_t left_s;
        int64_t wait_s;
    } rows[] = {
        { 4, 0, 86400, 0 },       { 5, 0, 86400, 120 },    { 5, 119, 86400, 1 },
        { 5, 120, 86400, 0 },     { 6, 0, 86400, 240 },    { 7, 0, 86400, 480 },
        { 8, 0, 86400, 900 },     { 8, 899, 86400, 1 },    { 8, 900, 86400, 0 },
        { 1000, 0, 86400, 900 },  { 1000, 900, 86400, 0 }, { INT64_MAX - 1, 0, 86400, 900 },
        { 5, -5000, 86400, 120 }, { 8, 0, 30, 30 },
    };
    struct attempt_rule rule = attempt_rule(&settings, ATTEMPT_PASSWORD);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(attempt_wait_s(&rule, rows[i].count, rows[i].since_s, rows[i].left_s),
                         rows[i].wait_s);
}

static void
behind_the_waits_there_may_be_a_wall_too(void **state)
{
    struct attempt_rule rule = attempt_rule(&settings, ATTEMPT_SMS_STRANGERS);

    (void)state;
    assert_int_equal(attempt_wait_s(&rule, 14, 0, 5000), 0);
    assert_int_equal(attempt_wait_s(&rule, 15, 0, 5000), 60);
    assert_int_equal(attempt_wait_s(&rule, 20, 0, 5000), 1920);
    assert_int_equal(attempt_wait_s(&rule, 20, 1920, 5000), 0);
    assert_int_equal(attempt_wait_s(&rule, 21, 4000, 5000), 5000);
}

static void
a_first_wait_beyond_the_longest_is_the_longest(void **state)
{
    struct attempt_rule rule = { .window_s = 600, .cap = 1, .wait_s = 50, .wait_most_s = 20 };

    (void)state;
    assert_int_equal(attempt_wait_s(&rule, 1, 0, 600), 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_numbers_from_the_settings),
        cmocka_unit_test(a_wall_stands_until_the_window_ends),
        cmocka_unit_test(the_wait_doubles_up_to_its_end_and_is_over_after_it),
        cmocka_unit_test(behind_the_waits_there_may_be_a_wall_too),
        cmocka_unit_test(a_first_wait_beyond_the_longest_is_the_longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
