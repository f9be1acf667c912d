/* SPDX-License-Identifier: Apache-2.0 */
/* Revocations in memory; hearing of other nodes' is tests/server/life/test_jobs.c. */
#include "idp/session/revocation.h"
#include "idp/tables/epoch.h"
#include "idp/tables/revocation.h"
#include "tests/store_kit.h"
#include "tests/world.h"

static const char *
target(struct world *w, int i)
{
    return arena_printf(w->arena, "g_%d", i);
}

/* What the store has of it, in whichever bucket. */
static struct revoked_list
stored(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct revoked_list list = { 0 };

    for (int64_t bucket = 0; bucket < REVOKED_BUCKETS && list.count == 0; bucket++) {
        struct revoked_after after = { bucket, 0, "", ctx.now };

        assert_int_equal(store_revoked_list(ctx.store, ctx.arena, &after, &list), OK);
    }
    return list;
}

static int64_t
epoch(struct world *w)
{
    struct epochs epochs;

    assert_int_equal(store_epoch_read(w->store, &epochs), OK);
    return epochs.revocation;
}

static void
what_is_applied_is_known_here_and_what_is_made_in_the_store_too(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct revoked_list list;

    revocation_apply(&ctx, "g_1");
    assert_int_equal(revocation_make(&ctx, "g_2"), OK);
    assert_true(revocation_has(w->services.revocations, "g_1"));
    assert_true(revocation_has(w->services.revocations, "g_2"));
    assert_false(revocation_has(w->services.revocations, "g_3"));
    list = stored(w);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].target, "g_2");
    assert_true(list.at[0].until >= ctx.now + w->settings.life.access_token_s);
    assert_int_equal(world_rows_of(w, "revoked"), 1);
    assert_int_equal(epoch(w), 0);
}

static void
a_row_says_when_it_was_written_and_not_when_its_request_began(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    world_advance(w, 7);
    assert_int_equal(revocation_make(&ctx, "g_1"), OK);
    assert_int_equal(stored(w).at[0].at, WORLD_NOW + 7);
}

static void
nodes_of_the_version_before_are_told_until_the_setting_says_no(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct revocation_list list;

    w->settings.upgrade.numbered_revocations = true;
    assert_int_equal(revocation_make(&ctx, "g_1"), OK);
    w->settings.upgrade.numbered_revocations = false;
    assert_int_equal(revocation_make(&ctx, "g_2"), OK);
    assert_int_equal(epoch(w), 1);
    assert_int_equal(store_revocation_list(ctx.store, ctx.arena, 0, ctx.now, &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].target, "g_1");
    assert_int_equal(world_rows_of(w, "revoked"), 2);
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

/* --- Another node --- */

static void
become_another_node(struct world *w)
{
    revocations_free(w->services.revocations);
    w->services.revocations = revocations_new();
}

static void
poll(struct world *w)
{
    struct ctx ctx = world_ctx(w);

    assert_int_equal(revocations_poll(&ctx, epoch(w)), OK);
}

static bool
knows(struct world *w, const char *id)
{
    return revocation_has(w->services.revocations, id);
}

/* As if another node had written it, by its clock. */
static void
written(struct world *w, const char *id, unix_s at)
{
    struct ctx ctx = world_ctx(w);
    struct stored_revoked row = { 3, at, arena_printf(w->arena, "v_%s", id), id, ctx.now + 360 };

    assert_int_equal(store_revoked_insert(ctx.store, &row), OK);
}

static void
what_is_over_is_not_learnt(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(revocation_make(&ctx, "g_1"), OK);
    become_another_node(w);
    world_advance(w, 3600);
    poll(w);
    assert_false(knows(w, "g_1"));
}

static void
a_node_that_starts_late_reads_all_that_still_matters(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (int i = 0; i < 1500; i++)
        assert_int_equal(revocation_make(&ctx, target(w, i)), OK);
    become_another_node(w);
    world_advance(w, w->settings.life.access_token_s);
    poll(w);
    for (int i = 0; i < 1500; i++)
        assert_true(knows(w, target(w, i)));
}

static void
what_a_node_of_the_version_before_revokes_is_learnt(void **state)
{
    struct world *w = *state;

    poll(w);
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(store_revocation_insert(w->store, "g_old", WORLD_NOW + 360), OK);
    assert_int_equal(store_commit(w->store), OK);
    poll(w);
    assert_true(knows(w, "g_old"));
}

/* The row carries a time that the reader has long passed, be it that the commit took its time or
 * that the writer's clock is behind. */
static void
a_row_that_appears_late_is_learnt_at_the_next_poll(void **state)
{
    struct world *w = *state;

    poll(w);
    world_advance(w, 1);
    poll(w);
    written(w, "g_late", WORLD_NOW - 29);
    poll(w);
    assert_true(knows(w, "g_late"));
}

static void
a_row_from_a_clock_ahead_is_learnt_at_the_next_poll(void **state)
{
    struct world *w = *state;

    poll(w);
    written(w, "g_ahead", WORLD_NOW + 120);
    poll(w);
    assert_true(knows(w, "g_ahead"));
}

static void
one_that_appears_later_than_anybody_thought_is_learnt_half_a_minute_later(void **state)
{
    struct world *w = *state;

    poll(w);
    written(w, "g_very_late", WORLD_NOW - 200);
    world_advance(w, 29);
    poll(w);
    assert_false(knows(w, "g_very_late"));
    world_advance(w, 1);
    poll(w);
    assert_true(knows(w, "g_very_late"));
}

static void
a_clock_that_is_set_back_loses_nothing(void **state)
{
    struct world *w = *state;

    poll(w);
    world_advance(w, -600);
    written(w, "g_back", WORLD_NOW - 600);
    poll(w);
    assert_true(knows(w, "g_back"));
}

/* While another transaction that revokes is open, and whatever the order of their commits. */
static void
none_is_missed_whatever_the_order_of_commits(void **state)
{
    struct world *w = *state;
    struct ctx first = world_ctx(w);
    struct ctx second = world_ctx(w);
    struct store *other;

    if (kit_is_sqlite())
        skip();
    other = store_open(w->services.database);
    second.store = other;
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(revocation_record(&first, "g_first"), OK);
    world_advance(w, 2);
    second.now = w->now;
    assert_int_equal(store_begin(other), OK);
    assert_int_equal(revocation_record(&second, "g_second"), OK);
    assert_int_equal(store_commit(other), OK);
    become_another_node(w);
    assert_int_equal(revocations_poll(&second, 0), OK);
    assert_true(knows(w, "g_second"));
    assert_false(knows(w, "g_first"));
    assert_int_equal(store_commit(w->store), OK);
    assert_int_equal(revocations_poll(&second, 0), OK);
    assert_true(knows(w, "g_first"));
    store_close(other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_is_applied_is_known_here_and_what_is_made_in_the_store_too),
        world_test(a_row_says_when_it_was_written_and_not_when_its_request_began),
        world_test(nodes_of_the_version_before_are_told_until_the_setting_says_no),
        world_test(the_memory_grows_as_needed_and_loses_nothing),
        world_test(what_no_token_can_outlive_is_dropped_when_room_is_made),
        world_test(what_is_over_is_not_learnt),
        world_test(a_node_that_starts_late_reads_all_that_still_matters),
        world_test(what_a_node_of_the_version_before_revokes_is_learnt),
        world_test(a_row_that_appears_late_is_learnt_at_the_next_poll),
        world_test(a_row_from_a_clock_ahead_is_learnt_at_the_next_poll),
        world_test(one_that_appears_later_than_anybody_thought_is_learnt_half_a_minute_later),
        world_test(a_clock_that_is_set_back_loses_nothing),
        world_test(none_is_missed_whatever_the_order_of_commits),
    };

    return world_run(tests);
}
