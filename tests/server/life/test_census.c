/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/census.h"

#include "idp/base/metrics.h"
#include "idp/tables/outbox.h"
#include "idp/tables/terminal.h"
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

static void
terminals_are_counted_by_state(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_terminal terminal = { .terminal_id = "t_1",
                                        .state = TERMINAL_ANNOUNCED,
                                        .created_at = WORLD_NOW };

    assert_int_equal(store_terminal_insert(w->store, &terminal), OK);
    terminal.terminal_id = "t_2";
    assert_int_equal(store_terminal_insert(w->store, &terminal), OK);
    assert_int_equal(store_terminal_retire(w->store, "t_2", WORLD_NOW), OK);
    assert_int_equal(census_take(&ctx), OK);
    assert_int_equal(metric_read(METRIC_TERMINALS_ANNOUNCED), 1);
    assert_int_equal(metric_read(METRIC_TERMINALS_ENROLLED), 0);
    assert_int_equal(metric_read(METRIC_TERMINALS_RETIRED), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(live_sessions_and_waiting_deliveries_are_counted),
        world_test(terminals_are_counted_by_state),
    };

    return world_run(tests);
}
