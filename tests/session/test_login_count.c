/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/login_count.h"

#include "idp/base/metrics.h"
#include "tests/world.h"

static void
a_login_counts_for_its_way_channel_and_outcome_alone(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    unsigned app = login_series(LOGIN_BY_SMS, CHANNEL_app, LOGIN_OK);
    int64_t before = metric_series_read(app);
    int64_t all = metric_read(METRIC_LOGINS);

    ctx.channel = "app";
    login_count(&ctx, LOGIN_BY_SMS, LOGIN_OK);
    assert_int_equal(metric_series_read(app), before + 1);
    assert_int_equal(metric_read(METRIC_LOGINS), all + 1);
    assert_int_not_equal(login_series(LOGIN_BY_SMS, CHANNEL_wechat, LOGIN_OK), app);
    assert_int_not_equal(login_series(LOGIN_BY_PASSWORD, CHANNEL_app, LOGIN_OK), app);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_login_counts_for_its_way_channel_and_outcome_alone),
    };

    return world_run(tests);
}
