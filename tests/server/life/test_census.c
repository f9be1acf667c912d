/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/census.h"

#include "idp/base/metrics.h"
#include "idp/tables/outbox.h"
#include "tests/world.h"

static void
live_sessions_and_waiting_deliveries_are_counted(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct stored_delivery waits = {
        "d1", "logout", "hospital", "p1", "s1", "", 0, WORLD_NOW + 3600, 0, "", WORLD_NOW, ""
    };

    world_log_in(w, 0);
    assert_int_equal(store_delivery_insert(w->store, &waits), OK);
    assert_int_equal(census_take(&ctx), OK);
    assert_int_equal(metric_read(METRIC_SESSIONS_LIVE), 1);
    assert_int_equal(metric_read(METRIC_DELIVERIES_WAITING), 1);
    assert_int_equal(store_delivery_done(w->store, "d1", WORLD_NOW,
                                         &(struct delivery_result) { "delivered", "delivered" }),
                     OK);
    world_advance(w, w->settings.life.session_absolute_s);
    ctx = world_ctx(w);
    assert_int_equal(census_take(&ctx), OK);
    assert_int_equal(metric_read(METRIC_SESSIONS_LIVE), 0);
    assert_int_equal(metric_read(METRIC_DELIVERIES_WAITING), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { world_test(
        live_sessions_and_waiting_deliveries_are_counted) };

    return world_run(tests);
}
