/* SPDX-License-Identifier: Apache-2.0 */
/* Revocations in memory; hearing of other nodes' is tests/server/life/test_jobs.c. */
#include "idp/session/revocation.h"
#include "idp/tables/epoch.h"
#include "tests/world.h"

static const char *
target(struct world *w, int i)
{
    return arena_printf(w->arena, "g_%d", i);
}

static void
what_is_applied_is_known_here_and_what_is_made_in_the_store_too(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct revocation_list list;

    revocation_apply(&ctx, "g_1");
    assert_int_equal(revocation_make(&ctx, "g_2"), OK);
    assert_true(revocation_has(w->services.revocations, "g_1"));
    assert_true(revocation_has(w->services.revocations, "g_2"));
    assert_false(revocation_has(w->services.revocations, "g_3"));
    assert_int_equal(store_revocation_list(ctx.store, ctx.arena, 0, ctx.now, &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].target, "g_2");
    assert_true(list.at[0].until >= ctx.now + w->settings.life.access_token_s);
}

static void
the_memory_grows_as_needed_and_loses_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (int i = 0; i < 20000; i++)
        revocation_apply(&ctx, target(w, i));
    for (int i = 0; i < 20000; i++)
        assert_true(revocation_has(w->services.revocations, target(w, i)));
    assert_false(revocation_has(w->services.revocations, target(w, 20000)));
}

static void
what_no_token_can_outlive_is_dropped_when_room_is_made(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    revocation_apply(&ctx, "g_old");
    ctx.now += 3600;
    for (int i = 0; i < 2000; i++)
        revocation_apply(&ctx, target(w, i));
    assert_false(revocation_has(w->services.revocations, "g_old"));
    assert_true(revocation_has(w->services.revocations, target(w, 0)));
}

static void
a_poll_without_news_asks_nothing_and_one_after_the_end_learns_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct epochs epochs;

    assert_int_equal(revocations_poll(&ctx, 0), OK);
    assert_int_equal(revocation_make(&ctx, "g_1"), OK);
    assert_int_equal(store_epoch_read(ctx.store, &epochs), OK);
    revocations_free(w->services.revocations);
    w->services.revocations = revocations_new(); /* a node that starts when it is long over */
    ctx.now += 3600;
    assert_int_equal(revocations_poll(&ctx, epochs.revocation), OK);
    assert_false(revocation_has(w->services.revocations, "g_1"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_is_applied_is_known_here_and_what_is_made_in_the_store_too),
        world_test(the_memory_grows_as_needed_and_loses_nothing),
        world_test(what_no_token_can_outlive_is_dropped_when_room_is_made),
        world_test(a_poll_without_news_asks_nothing_and_one_after_the_end_learns_nothing),
    };

    return world_run(tests);
}
