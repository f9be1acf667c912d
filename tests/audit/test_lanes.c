/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/audit/chain_kit.h"

#include "idp/store/driver.h"

#define THREADS 8
#define ROUNDS 25

/* --- Places --- */

static struct stored_audit
last_record(struct world *w)
{
    struct audit_rows rows;
    struct audit_filter any = { "", "", "", "", 0, 1000 };
    struct stored_audit last = { 0 };

    assert_int_equal(store_audit_list(w->store, w->arena, &any, &rows), OK);
    for (size_t i = 0; i < rows.count; i++)
        if (rows.at[i].seq >= last.seq)
            last = rows.at[i];
    return last;
}

static void
records_are_numbered_without_a_hole(void **state)
{
    struct world *w = *state;
    struct stored_audit record;

    changes_write(w, 3);
    record = last_record(w);
    assert_int_equal(record.run, 1);
    assert_int_equal(record.lane, 1);
    assert_int_equal(record.seq, 3);
    refusals_write(w, 4);
    record = last_record(w);
    assert_int_equal(record.lane, 2);
    assert_int_equal(record.seq, 4);
    assert_whole(w);
}

static void
a_transaction_that_is_under_way_has_its_lanes_for_itself(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    enum audit_event events[] = { AUDIT_LOGIN, AUDIT_CODE_FAILED, AUDIT_LOGIN, AUDIT_NONE };
    struct store *other = store_open(w->services.database);

    if (kit_is_sqlite()) { /* one writer at a time */
        store_close(other);
        skip();
    }
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(records_write(&ctx, events), OK);
    ctx.store = other;
    assert_int_equal(store_begin(other), OK);
    assert_int_equal(records_write(&ctx, events), OK);
    assert_int_equal(store_commit(other), OK);
    assert_int_equal(store_commit(w->store), OK);
    store_close(other);
    assert_int_equal(world_rows_of(w, "audit"), 6);
    assert_int_equal(last_record(w).lane, 3);
    assert_whole(w);
}

static void
without_keys_a_record_has_no_place(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    ctx.keys = NULL;
    audit_note(&ctx, &(struct audit_record) { .event = AUDIT_LOGIN });
    assert_int_equal(world_rows_of(w, "audit"), 1);
    assert_int_equal(last_record(w).run, 0);
    assert_whole(w);
}

static void
each_run_has_a_number_of_its_own(void **state)
{
    struct world *w = *state;
    int64_t one = 0;
    int64_t other = 0;

    assert_int_equal(lanes_run_new(&w->env, &one), OK);
    assert_int_equal(lanes_run_new(&w->env, &other), OK);
    assert_true(one > 0 && other > 0 && one != other);
    w->random_fails = true;
    assert_int_equal(lanes_run_new(&w->env, &one), ERR_UNAVAILABLE);
    w->random_fails = false;
}

/* --- A store that fails --- */

static struct {
    const struct driver *own;
    struct driver driver;
    enum err outcome; /* of the next commit or single statement */
    bool done;        /* it has come to the store all the same */
} failing;

static enum err
failing_commit(struct store *st)
{
    if (failing.outcome == OK)
        return failing.own->commit(st);
    if (failing.done)
        assert_int_equal(failing.own->commit(st), OK);
    else
        failing.own->rollback(st);
    return failing.outcome;
}

static enum err
failing_run(struct store *st, const struct query *query)
{
    if (failing.outcome == OK || st->in_transaction || query_reads(query))
        return failing.own->run(st, query);
    if (failing.done)
        assert_int_equal(failing.own->run(st, query), OK);
    return failing.outcome;
}

static void
failing_begin(struct world *w, enum err outcome, bool done)
{
    failing.own = w->services.database->driver;
    failing.driver = *failing.own;
    failing.driver.commit = failing_commit;
    failing.driver.run = failing_run;
    failing.outcome = outcome;
    failing.done = done;
    w->services.database->driver = &failing.driver;
}

static void
failing_end(struct world *w)
{
    w->services.database->driver = failing.own;
}

static void
change_fails(struct world *w, enum err outcome, bool done)
{
    struct ctx ctx = world_ctx(w);
    enum audit_event events[] = { AUDIT_LOGIN, AUDIT_LOGIN, AUDIT_NONE };

    failing_begin(w, outcome, done);
    assert_int_equal(change(&ctx, records_write, events), outcome);
    failing_end(w);
}

static void
a_commit_that_fails_gives_its_places_back(void **state)
{
    struct world *w = *state;

    changes_write(w, 1);
    change_fails(w, ERR_UNAVAILABLE, false);
    changes_write(w, 1);
    assert_int_equal(last_record(w).seq, 2);
    assert_int_equal(last_record(w).lane, 1);
    checkpoint_write(w, false);
    assert_whole(w);
}

static void
a_commit_of_which_nobody_knows_ends_its_lane(void **state)
{
    for (int done = 0; done < 2; done++) {
        struct world *w;

        assert_int_equal(world_teardown(state), 0);
        assert_int_equal(chain_setup(state), 0);
        w = *state;
        changes_write(w, 1);
        change_fails(w, ERR_UNKNOWN, done != 0);
        changes_write(w, 4);
        assert_int_equal(last_record(w).lane, 3);
        assert_whole(w);
        checkpoint_write(w, false);
        changes_write(w, 1);
        checkpoint_write(w, true);
        assert_whole(w);
        assert_int_equal(judged.verify.records, done != 0 ? 8 : 6);
    }
}

static void
so_does_a_record_by_itself(void **state)
{
    for (int done = 0; done < 2; done++) {
        struct world *w;

        assert_int_equal(world_teardown(state), 0);
        assert_int_equal(chain_setup(state), 0);
        w = *state;
        refusals_write(w, 1);
        failing_begin(w, ERR_UNKNOWN, done != 0);
        refusals_write(w, 1);
        failing.outcome = ERR_UNAVAILABLE;
        failing.done = false;
        refusals_write(w, 1);
        failing_end(w);
        refusals_write(w, 2);
        assert_int_equal(last_record(w).lane, 4);
        assert_int_equal(last_record(w).seq, 2);
        checkpoint_write(w, true);
        assert_whole(w);
    }
}

/* --- Many at once --- */

struct writers {
    struct world *w;
    _Atomic(int) committed;
};

static enum err
work_undone(struct ctx *ctx, void *state)
{
    enum err err = records_write(ctx, state);

    return err == OK ? ERR_REFUSED : err;
}

static enum err
write_much(struct store *st, int thread, void *state)
{
    struct writers *writers = state;
    struct arena *arena = arena_new((size_t)8 << 20);
    enum audit_event events[] = { AUDIT_LOGIN, AUDIT_CODE_FAILED, AUDIT_NONE };
    enum err err = OK;

    for (int i = 0; i < ROUNDS && err == OK; i++) {
        struct ctx ctx = ctx_new(&writers->w->services, arena, st);

        ctx.channel = "web";
        ctx.request_id = "";
        ctx.address = "";
        if ((i + thread) % 3 == 0) {
            err = change(&ctx, work_undone, events) == ERR_REFUSED ? OK : ERR_INTERNAL;
        } else {
            err = change(&ctx, records_write, events);
            writers->committed += err == OK;
        }
        if (i % 10 == 0)
            audit_note(&ctx, &(struct audit_record) { .event = AUDIT_CODE_FAILED });
    }
    arena_free(arena);
    return err;
}

/* With checkpoints in between, as the process makes them. */
static void
many_at_once_leave_a_whole_trail(void **state)
{
    struct world *w = *state;
    struct writers writers = { .w = w };
    enum err outcomes[KIT_THREADS_MAX];

    for (int i = 0; i < 3; i++) {
        kit_race(w->services.database, THREADS, write_much, &writers, outcomes);
        assert_int_equal(kit_count(outcomes, THREADS, OK), THREADS);
        checkpoint_write(w, i == 2);
    }
    assert_whole(w);
    assert_int_equal(judged.verify.records,
                     2 * writers.committed + 3 * THREADS * ((ROUNDS + 9) / 10));
    assert_int_equal(judged.verify.checkpoints, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        chain_test(records_are_numbered_without_a_hole),
        chain_test(a_transaction_that_is_under_way_has_its_lanes_for_itself),
        chain_test(without_keys_a_record_has_no_place),
        chain_test(each_run_has_a_number_of_its_own),
        chain_test(a_commit_that_fails_gives_its_places_back),
        chain_test(a_commit_of_which_nobody_knows_ends_its_lane),
        chain_test(so_does_a_record_by_itself),
        chain_test(many_at_once_leave_a_whole_trail),
    };

    return world_run(tests);
}
