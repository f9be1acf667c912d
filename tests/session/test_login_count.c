/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/login_count.h"

#include "idp/base/metrics.h"
#include "tests/world.h"

static void
a_login_counts_for_its_way_channel_and_outcome_alone(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    unsigned app = login_series(LOGIN_BY_SMS, 1, LOGIN_OK);
    int64_t before = metric_series_read(app);
    int64_t all = metric_read(METRIC_LOGINS);

    ctx.channel = login_channels[1];
    login_count(&ctx, LOGIN_BY_SMS, LOGIN_OK);
    assert_int_equal(metric_series_read(app), before + 1);
    assert_int_equal(metric_read(METRIC_LOGINS), all + 1);
    assert_int_not_equal(login_series(LOGIN_BY_SMS, 2, LOGIN_OK), app);
    assert_int_not_equal(login_series(LOGIN_BY_PASSWORD, 1, LOGIN_OK), app);
}

/* What a partner may register, and no other, is a channel of logins. */
static void
every_channel_of_a_registration_is_counted(void **state)
{
    static const char *const registered[] = { "web", "app", "wechat", "terminal", "counter" };

    (void)state;
    for (size_t i = 0; i < LOGIN_CHANNELS; i++)
        assert_string_equal(login_channels[i], registered[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_login_counts_for_its_way_channel_and_outcome_alone),
        cmocka_unit_test(every_channel_of_a_registration_is_counted),
    };

    return world_run(tests);
}
