/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

static void
a_ctx_stands_on_the_services_and_reads_the_clock_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = ctx_new(&w->services, w->arena, w->store);

    world_advance(w, 100);
    assert_int_equal(ctx.now, WORLD_NOW);
    assert_ptr_equal(ctx.services, &w->services);
    assert_ptr_equal(ctx.settings, &w->settings);
    assert_ptr_equal(ctx.env, &w->env);
    assert_ptr_equal(ctx.keys, w->services.keys);
    assert_ptr_equal(ctx.arena, w->arena);
    assert_ptr_equal(ctx.store, w->store);
}

static void
outside_of_requests_there_is_no_request_and_no_address(void **state)
{
    struct world *w = *state;
    struct ctx ctx = ctx_new(&w->services, w->arena, NULL);

    assert_string_equal(ctx.request_id, "");
    assert_string_equal(ctx.address, "");
    assert_string_equal(ctx.channel, "web");
    assert_null(ctx.store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_ctx_stands_on_the_services_and_reads_the_clock_once),
        world_test(outside_of_requests_there_is_no_request_and_no_address),
    };

    return world_run(tests);
}
