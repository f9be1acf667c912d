/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/audit/chain_kit.h"

#include "idp/base/log.h"
#include "idp/store/driver.h"

static struct checkpoint checkpoint;

static void
checkpoint_load(struct world *w, int64_t run, int64_t number)
{
    struct ctx ctx = world_ctx(w);
    struct stored_checkpoint stored;

    assert_int_equal(store_checkpoint_find(w->store, w->arena, run, number, &stored), OK);
    assert_int_equal(checkpoint_read(&ctx, &stored, &checkpoint), OK);
}

static void
a_run_says_how_far_it_has_come(void **state)
{
    struct world *w = *state;
    struct digest before;

    changes_write(w, 3);
    refusals_write(w, 1);
    world_advance(w, 60);
    checkpoint_write(w, false);
    checkpoint_load(w, 1, 1);
    assert_int_equal(checkpoint.at, WORLD_NOW + 60);
    assert_int_equal(checkpoint.since, WORLD_NOW);
    assert_int_equal(checkpoint.lanes_count, 2);
    assert_int_equal(checkpoint.lanes[1].lane, 1);
    assert_int_equal(checkpoint.lanes[1].to, 3);
    assert_int_equal(checkpoint.lanes[0].lane, 2);
    assert_int_equal(checkpoint.lanes[0].to, 1);
    before = lanes_said(w->services.lanes)->digest;
    changes_write(w, 2);
    world_advance(w, 60);
    checkpoint_write(w, false);
    checkpoint_load(w, 1, 2);
    assert_int_equal(checkpoint.since, WORLD_NOW + 60);
    assert_int_equal(checkpoint.before_at, WORLD_NOW + 60);
    assert_memory_equal(&checkpoint.before, &before, sizeof(before));
    assert_int_equal(checkpoint.lanes_count, 1);
    assert_int_equal(checkpoint.lanes[0].from, 3);
    assert_int_equal(checkpoint.lanes[0].to, 5);
    assert_false(checkpoint.ends);
}

static void
nothing_is_said_when_there_is_nothing_to_say_but_the_end(void **state)
{
    struct world *w = *state;

    checkpoint_write(w, false);
    checkpoint_write(w, true);
    assert_int_equal(world_rows_of(w, "audit_checkpoint"), 0);
    changes_write(w, 1);
    checkpoint_write(w, false);
    world_advance(w, 60);
    checkpoint_write(w, false);
    assert_int_equal(world_rows_of(w, "audit_checkpoint"), 1);
    assert_int_equal(lanes_said(w->services.lanes)->looked_at, WORLD_NOW + 60);
    checkpoint_write(w, true);
    checkpoint_load(w, 1, 2);
    assert_true(checkpoint.ends);
}

static void
what_is_under_way_is_said_later(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct lane_growth growth[LANES_GROWTH_MAX];
    enum audit_event events[] = { AUDIT_LOGIN, AUDIT_NONE };

    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(records_write(&ctx, events), OK);
    assert_int_equal(lanes_grown(w->services.lanes, growth), 0);
    assert_int_equal(store_commit(w->store), OK);
    assert_int_equal(lanes_grown(w->services.lanes, growth), 1);
    assert_int_equal(growth[0].to, 1);
}

static void
a_run_names_what_it_has_seen_of_others(void **state)
{
    struct world *w = *state;

    changes_write(w, 1);
    checkpoint_write(w, true);
    run_begin(w, 2);
    changes_write(w, 1);
    checkpoint_write(w, false);
    checkpoint_load(w, 2, 1);
    assert_int_equal(checkpoint.seen_count, 1);
    assert_int_equal(checkpoint.seen[0].run, 1);
    assert_int_equal(checkpoint.seen[0].number, 1);
    world_advance(w, 3600);
    checkpoint_write(w, false);
    changes_write(w, 1);
    checkpoint_write(w, false);
    checkpoint_load(w, 2, 2);
    assert_int_equal(checkpoint.seen_count, 0); /* nothing new */
}

/* --- A store that fails --- */

static struct {
    const struct driver *own;
    struct driver driver;
    bool done;
} losing;

static enum err
losing_run(struct store *st, const struct query *query)
{
    if (query_reads(query))
        return losing.own->run(st, query);
    if (losing.done)
        assert_int_equal(losing.own->run(st, query), OK);
    return ERR_UNKNOWN;
}

static void
checkpoint_lost(struct world *w, bool done)
{
    struct ctx ctx = world_ctx(w);

    losing.own = w->services.database->driver;
    losing.driver = *losing.own;
    losing.driver.run = losing_run;
    losing.done = done;
    w->services.database->driver = &losing.driver;
    assert_int_equal(checkpoint_say(&ctx, false), ERR_UNKNOWN);
    w->services.database->driver = losing.own;
}

/* Whether it was stored or not, what it had to say is said once. */
static void
a_checkpoint_of_which_nobody_knows_is_looked_for(void **state)
{
    for (int done = 0; done < 2; done++) {
        struct world *w;

        assert_int_equal(world_teardown(state), 0);
        assert_int_equal(chain_setup(state), 0);
        w = *state;
        changes_write(w, 2);
        checkpoint_lost(w, done != 0);
        changes_write(w, 1);
        checkpoint_write(w, true);
        assert_int_equal(world_rows_of(w, "audit_checkpoint"), 1 + done);
        checkpoint_load(w, 1, 1 + done);
        assert_int_equal(checkpoint.lanes[0].from, done != 0 ? 2 : 0);
        assert_int_equal(checkpoint.lanes[0].to, 3);
        assert_true(checkpoint.ends);
        assert_whole(w);
    }
}

/* Another process has that run's name, and says something that we have not signed. */
static void
a_checkpoint_in_its_place_that_is_not_ours_is_no_answer(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    changes_write(w, 1);
    assert_int_equal(
        store_checkpoint_insert(w->store, &(struct stored_checkpoint) { .run = 1,
                                                                        .number = 1,
                                                                        .at = WORLD_NOW,
                                                                        .digest = kit_digest(1),
                                                                        .statement = "{}",
                                                                        .signature = "x" }),
        OK);
    log_set_fd(-1);
    assert_int_equal(checkpoint_say(&ctx, false), ERR_FORGED);
    log_set_fd(2);
}

/* --- The end of a process --- */

static void
a_process_says_at_its_end_how_far_it_came(void **state)
{
    struct world *w = *state;

    changes_write(w, 2);
    checkpoint_end(&w->services);
    checkpoint_load(w, 1, 1);
    assert_true(checkpoint.ends);
    assert_int_equal(checkpoint.lanes[0].to, 2);
    assert_whole(w);
}

/* --- Names --- */

static void
a_checkpoint_has_a_name_for_the_log(void **state)
{
    static const char *const wrong[] = {
        "",
        ":",
        "1:1:x",
        "00000000000000ff:1",
        "00000000000000ff:1:",
        "00000000000000ff:x:A",
        "00000000000000ff:0:rw1hQv2n9mRZ0l1mCJNWTmPzKSkBs3iVhWZyqe3nWfo",
        "x0000000000000ff:1:rw1hQv2n9mRZ0l1mCJNWTmPzKSkBs3iVhWZyqe3nWfo",
        "f0000000000000ff:1:rw1hQv2n9mRZ0l1mCJNWTmPzKSkBs3iVhWZyqe3nWfo",
        "00000000000000ff:1:rw1hQv2n9mRZ0l1mCJNWTmPzKSkBs3iVhWZyqe3nWf",
    };
    struct world *w = *state;
    struct digest digest = kit_digest(7);
    const char *name = checkpoint_name(w->arena, 255, 17, &digest);
    struct checkpoint_seen seen;

    assert_int_equal(strncmp(name, "00000000000000ff:17:", 20), 0);
    assert_int_equal(checkpoint_name_read(w->arena, name, &seen), OK);
    assert_int_equal(seen.run, 255);
    assert_int_equal(seen.number, 17);
    assert_memory_equal(&seen.digest, &digest, sizeof(digest));
    assert_string_equal(run_name(w->arena, 255), "00000000000000ff");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (checkpoint_name_read(w->arena, wrong[i], &seen) != ERR_INVALID)
            fail_msg("\"%s\" is taken", wrong[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        chain_test(a_run_says_how_far_it_has_come),
        chain_test(nothing_is_said_when_there_is_nothing_to_say_but_the_end),
        chain_test(what_is_under_way_is_said_later),
        chain_test(a_run_names_what_it_has_seen_of_others),
        chain_test(a_checkpoint_of_which_nobody_knows_is_looked_for),
        chain_test(a_checkpoint_in_its_place_that_is_not_ours_is_no_answer),
        chain_test(a_process_says_at_its_end_how_far_it_came),
        chain_test(a_checkpoint_has_a_name_for_the_log),
    };

    return world_run(tests);
}
