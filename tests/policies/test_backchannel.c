/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/backchannel.h"

#include <string.h>

#include "tests/policies/kit.h"

static void
a_binding_message_is_what_it_shows(void **state)
{
    static const char *const good[] = { "4711", "12333 来电 · 核对号码 83", "Zurücksetzen?", "😀 ok",
                                        "阿卜杜拉·买买提" };

    (void)state;
    assert_null(binding_message_check(NULL));
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(binding_message_check(good[i]));
}

/* XD-21: controls, marks of direction, what nobody sees, and what is too long. */
static void
xd_21_a_binding_message_that_hides_something_is_refused(void **state)
{
    static const char *const bad[] = {
        "a\nb",
        "a\tb",
        "a\x7f",
        "\xc2\x85",
        "\xe2\x80\x8b"
        "1",
        "\xe2\x80\xae"
        "1",
        "\xe2\x81\xa6"
        "1",
        "\xd8\x9c"
        "1",
        "\xef\xbb\xbf"
        "1",
        "\xf3\xa0\x81\x81",
        "\xee\x80\x80",
        "\xe2\x80\xa8",
    };
    char longest[BINDING_MESSAGE_MAX + 2];
    char kilobyte[1025];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_ptr_equal(binding_message_check(bad[i]), &problem_binding_message_invalid);
    memset(longest, 'x', sizeof(longest));
    longest[BINDING_MESSAGE_MAX + 1] = '\0';
    assert_ptr_equal(binding_message_check(longest), &problem_binding_message_invalid);
    longest[BINDING_MESSAGE_MAX] = '\0';
    assert_null(binding_message_check(longest));
    memset(kilobyte, 'x', sizeof(kilobyte));
    kilobyte[1024] = '\0';
    assert_ptr_equal(binding_message_check(kilobyte), &problem_binding_message_invalid);
}

static void
an_expiry_is_digits_and_bounded(void **state)
{
    static const char *const bad[] = { "0",   "-1",  "+5", "1.5",        "1e2",
                                       " 30", "30 ", "x",  "99999999999" };
    int64_t life_s = 0;

    (void)state;
    assert_null(requested_expiry_read(NULL, &life_s));
    assert_int_equal(life_s, BACKCHANNEL_LIFE_S);
    assert_null(requested_expiry_read("30", &life_s));
    assert_int_equal(life_s, 30);
    assert_null(requested_expiry_read("86400", &life_s));
    assert_int_equal(life_s, BACKCHANNEL_LIFE_MAX_S);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_ptr_equal(requested_expiry_read(bad[i], &life_s), &problem_requested_expiry_invalid);
}

static void
a_notification_token_is_a_bearer_token_that_nobody_guesses(void **state)
{
    static const char *const bad[] = { "",
                                       "short",
                                       "with blank 0123456789abcdef",
                                       "0123456789abcdef012345\r\nX: y",
                                       "=0123456789abcdef012345",
                                       "0123456789abcdef0123456789=a" };
    char longest[NOTIFICATION_TOKEN_MAX + 2];

    (void)state;
    assert_null(notification_token_check("0123456789abcdefABCDEF"));
    assert_null(notification_token_check("8d67dc78-7faa-4d41-aabd-67707b374255"));
    assert_null(notification_token_check("abc+/-._~0123456789ABCD=="));
    assert_ptr_equal(notification_token_check(NULL), &problem_notification_token_invalid);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_ptr_equal(notification_token_check(bad[i]), &problem_notification_token_invalid);
    memset(longest, 'x', sizeof(longest));
    longest[NOTIFICATION_TOKEN_MAX + 1] = '\0';
    assert_ptr_equal(notification_token_check(longest), &problem_notification_token_invalid);
    longest[NOTIFICATION_TOKEN_MAX] = '\0';
    assert_null(notification_token_check(longest));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binding_message_is_what_it_shows),
        cmocka_unit_test(xd_21_a_binding_message_that_hides_something_is_refused),
        cmocka_unit_test(an_expiry_is_digits_and_bounded),
        cmocka_unit_test(a_notification_token_is_a_bearer_token_that_nobody_guesses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
