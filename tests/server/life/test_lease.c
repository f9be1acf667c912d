/* SPDX-License-Identifier: Apache-2.0 */
/* A node's view of a lease; two nodes and their jobs are test_jobs.c. */
#include "idp/base/metrics.h"
#include "idp/server/life/lease.h"
#include "tests/world.h"

static bool
hold(struct world *w, struct lease *lease, const char *holder)
{
    struct ctx ctx = world_ctx(w);

    return lease_hold(&ctx, lease, "sweep", holder);
}

static void
what_is_held_is_kept_by_asking_every_5_s(void **state)
{
    struct world *w = *state;
    struct lease lease = { 0 };

    assert_true(hold(w, &lease, "a"));
    assert_int_equal(lease.until, WORLD_NOW + 20);
    world_advance(w, 4);
    assert_true(hold(w, &lease, "a"));
    assert_int_equal(lease.until, WORLD_NOW + 20);
    world_advance(w, 1);
    assert_true(hold(w, &lease, "a"));
    assert_int_equal(lease.until, WORLD_NOW + 25);
}

static void
changes_are_counted(void **state)
{
    struct world *w = *state;
    struct lease a = { 0 };
    struct lease b = { 0 };
    int64_t taken = metric_read(METRIC_LEASES_TAKEN);
    int64_t lost = metric_read(METRIC_LEASES_LOST);

    assert_true(hold(w, &a, "a"));
    assert_false(hold(w, &b, "b"));
    world_advance(w, 20);
    assert_true(hold(w, &b, "b"));
    assert_false(hold(w, &a, "a"));
    assert_int_equal(metric_read(METRIC_LEASES_TAKEN) - taken, 2);
    assert_int_equal(metric_read(METRIC_LEASES_LOST) - lost, 1);
}

/* The store's answer is missing: what was promised holds, and not a second longer. */
static void
without_a_store_it_is_held_until_its_time_is_over(void **state)
{
    struct world *w = *state;
    struct lease lease = { 0 };
    struct ctx ctx;

    assert_true(hold(w, &lease, "a"));
    assert_int_equal(store_begin(w->store), OK);
    assert_int_not_equal(store_run(w->store, &(struct query) { .sql = "SELECT nonsense" }), OK);
    world_advance(w, 19);
    ctx = world_ctx(w);
    assert_true(lease_hold(&ctx, &lease, "sweep", "a"));
    world_advance(w, 1);
    ctx = world_ctx(w);
    assert_false(lease_hold(&ctx, &lease, "sweep", "a"));
    store_rollback(w->store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_is_held_is_kept_by_asking_every_5_s),
        world_test(changes_are_counted),
        world_test(without_a_store_it_is_held_until_its_time_is_over),
    };

    return world_run(tests);
}
