/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/lifetime.h"

static struct settings
sound_settings(void)
{
    return (struct settings) {
        .server = { .request_deadline_s = 30, .header_deadline_s = 10, .drain_deadline_s = 20 },
        .keys = { .rotation_s = 90 * 86400, .announce_s = 86400 },
        .life = { .transaction_s = 900,
                  .code_s = 60,
                  .access_token_s = 300,
                  .id_token_s = 300,
                  .grant_s = 30 * 86400,
                  .session_idle_s = 3600,
                  .session_absolute_s = 12 * 3600 },
        .bank = { .deadline_s = 10 },
        .sms = { .deadline_s = 5 },
    };
}

static void
assert_named(const struct settings *settings, const char *name)
{
    const char *named = lifetime_check(settings);

    assert_non_null(named);
    assert_string_equal(named, name);
}

static void
usual_durations_are_fine(void **state)
{
    struct settings settings = sound_settings();

    (void)state;
    assert_null(lifetime_check(&settings));
}

static void
rt_26_durations_out_of_bounds_are_named(void **state)
{
    static const int64_t bad[] = { -1, (int64_t)1 << 31, INT64_MAX, INT64_MIN };
    struct settings settings = sound_settings();
    struct {
        int64_t *field;
        const char *name;
    } cases[] = {
        { &settings.server.request_deadline_s, "server.request_deadline_s" },
        { &settings.server.header_deadline_s, "server.header_deadline_s" },
        { &settings.server.drain_deadline_s, "server.drain_deadline_s" },
        { &settings.keys.rotation_s, "keys.rotation_s" },
        { &settings.keys.announce_s, "keys.announce_s" },
        { &settings.life.transaction_s, "life.transaction_s" },
        { &settings.life.code_s, "life.code_s" },
        { &settings.life.access_token_s, "life.access_token_s" },
        { &settings.life.id_token_s, "life.id_token_s" },
        { &settings.life.grant_s, "life.grant_s" },
        { &settings.life.session_idle_s, "life.session_idle_s" },
        { &settings.life.session_absolute_s, "life.session_absolute_s" },
        { &settings.bank.deadline_s, "bank.deadline_s" },
        { &settings.sms.deadline_s, "sms.deadline_s" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t j = 0; j < COUNT_OF(bad); j++) {
            int64_t kept = *cases[i].field;

            *cases[i].field = bad[j];
            assert_named(&settings, cases[i].name);
            *cases[i].field = kept;
        }
    }
}

static void
bounds_belong_to_what_is_allowed(void **state)
{
    struct settings settings = sound_settings();

    (void)state;
    settings.life.code_s = 600;
    assert_null(lifetime_check(&settings));
    settings.life.code_s = 601;
    assert_named(&settings, "life.code_s");
    settings.life.code_s = 5;
    assert_null(lifetime_check(&settings));
    settings.life.code_s = 4;
    assert_named(&settings, "life.code_s");
}

static void
a_key_is_announced_for_less_than_it_signs(void **state)
{
    struct settings settings = sound_settings();

    (void)state;
    settings.keys.rotation_s = 86400;
    assert_named(&settings, "keys.announce_s");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_durations_are_fine),
        cmocka_unit_test(rt_26_durations_out_of_bounds_are_named),
        cmocka_unit_test(bounds_belong_to_what_is_allowed),
        cmocka_unit_test(a_key_is_announced_for_less_than_it_signs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
