/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "idp/base/text.h"
#include "policies/channel.h"

static void
every_channel_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHANNELS; i++) {
        assert_ptr_equal(channel_rule(channels[i].name), &channels[i]);
        assert_true(text_list_has(CHANNEL_NAMES, channels[i].name));
    }
    assert_int_equal(text_list_count(CHANNEL_NAMES), CHANNELS);
    assert_true(CHANNEL_NAMES[0] != ' ');
}

static void
a_channel_lends_to_channels_that_there_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHANNELS; i++) {
        assert_true(text_list_within(channels[i].lends_to, CHANNEL_NAMES));
        assert_in_range(channels[i].highest, 1, 4);
        assert_true(channels[i].idle_s <= channels[i].absolute_s);
    }
}

static void
an_unknown_channel_is_worth_nothing(void **state)
{
    static const char *const names[] = { "", "Web", "web app", "satellite" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_string_equal(channel_rule(names[i])->ways, "");
        assert_int_equal(channel_level(names[i], 3, 0), 0);
        assert_false(channel_lends(names[i], "web"));
        assert_false(channel_lends("web", names[i]));
    }
    assert_false(channel_lends("web", NULL));
}

static void
who_stands_at_a_terminal_or_on_the_phone_lends_nothing(void **state)
{
    static const char *const names[] = { "terminal", "telephone", "message" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (size_t to = 0; to < CHANNELS; to++)
            assert_false(channel_lends(names[i], channels[to].name));
    assert_true(channel_lends("web", "app"));
    assert_true(channel_lends("app", "terminal"));
    assert_false(channel_lends("wechat", "app"));
    assert_false(channel_lends("web", "counter"));
    assert_false(channel_lends("counter", "web"));
    assert_string_equal(channel_rule("counter")->ways, ""); /* no citizen logs in there */
}

static void
ch_12_a_channel_bounds_the_level_of_a_login(void **state)
{
    (void)state;
    assert_int_equal(channel_level("web", 3, 86400), 3);
    assert_int_equal(channel_level("wechat", 3, 0), 2);
    assert_int_equal(channel_level("telephone", 3, 0), 2);
    assert_int_equal(channel_level("message", 2, 0), 1);
    assert_int_equal(channel_level("terminal", 3, 599), 3);
    assert_int_equal(channel_level("web", 0, 0), 0);
}

static void
an_app_asks_for_more_after_half_a_day(void **state)
{
    (void)state;
    assert_int_equal(channel_level("app", 2, 12 * 3600 - 1), 2);
    assert_int_equal(channel_level("app", 2, 12 * 3600), 1);
    assert_int_equal(channel_level("app", 0, 20 * 86400), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_channel_is_found_by_its_name),
        cmocka_unit_test(a_channel_lends_to_channels_that_there_are),
        cmocka_unit_test(an_unknown_channel_is_worth_nothing),
        cmocka_unit_test(who_stands_at_a_terminal_or_on_the_phone_lends_nothing),
        cmocka_unit_test(ch_12_a_channel_bounds_the_level_of_a_login),
        cmocka_unit_test(an_app_asks_for_more_after_half_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
