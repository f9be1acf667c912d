/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/unwind.h"
#include "tests/store_kit.h"

static int64_t
count(struct store *st)
{
    static const char sql[] = "SELECT COUNT(*) FROM spent";
    int64_t rows = -1;
    const struct out outs[] = { out_int(&rows), OUT_END };

    assert_int_equal(store_run(st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return rows;
}

static void
a_commit_keeps_all_of_a_transaction(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_begin(k->st), OK);
    assert_true(store_in_transaction(k->st));
    assert_int_equal(kit_spend(k->st, 1), OK);
    assert_int_equal(kit_spend(k->st, 2), OK);
    assert_int_equal(count(k->st), 2);
    assert_int_equal(store_commit(k->st), OK);
    assert_false(store_in_transaction(k->st));
    assert_int_equal(count(k->st), 2);
}

static void
a_rollback_leaves_nothing(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(kit_spend(k->st, 1), OK);
    store_rollback(k->st);
    store_rollback(k->st);
    assert_false(store_in_transaction(k->st));
    assert_int_equal(count(k->st), 0);
    assert_int_equal(kit_spend(k->st, 1), OK);
}

static void
an_empty_transaction_is_no_trouble(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(store_begin(k->st), OK);
    store_rollback(k->st);
}

static void
transactions_do_not_nest(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_commit(k->st), ERR_INTERNAL);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_begin(k->st), ERR_INTERNAL);
    assert_int_equal(kit_spend(k->st, 1), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(count(k->st), 1);
}

static void
a_conflict_dooms_its_transaction(void **state)
{
    struct kit *k = *state;

    assert_int_equal(kit_spend(k->st, 1), OK);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(kit_spend(k->st, 2), OK);
    assert_int_equal(kit_spend(k->st, 1), ERR_CONFLICT);
    assert_int_equal(kit_spend(k->st, 3), ERR_CONFLICT);
    assert_int_equal(store_commit(k->st), ERR_CONFLICT);
    assert_false(store_in_transaction(k->st));
    assert_int_equal(count(k->st), 1);
}

static void
an_absent_row_dooms_nothing(void **state)
{
    static const char sql[] =
        "UPDATE spent SET until = 1 WHERE grant_id = 'absent' RETURNING until";
    struct kit *k = *state;
    int64_t until;
    const struct out outs[] = { out_int(&until), OUT_END };

    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), ERR_NOT_FOUND);
    assert_int_equal(kit_spend(k->st, 2), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(count(k->st), 1);
}

static void
closing_a_store_undoes_what_was_not_committed(void **state)
{
    struct kit *k = *state;
    struct store *other = store_open(k->db);

    assert_int_equal(store_begin(other), OK);
    assert_int_equal(kit_spend(other, 1), OK);
    store_close(other);
    assert_int_equal(count(k->st), 0);
    assert_int_equal(kit_spend(k->st, 1), OK);
}

/* --- Changes --- */

struct work {
    int runs;
    enum err answer;
};

static enum err
insert_and_answer(struct store *st, void *ctx)
{
    struct work *work = ctx;
    enum err err = kit_spend(st, ++work->runs);

    return err == OK ? work->answer : err;
}

static void
a_change_is_kept_when_its_work_is_done(void **state)
{
    struct kit *k = *state;
    struct work work = { 0, OK };

    assert_int_equal(store_change(k->st, insert_and_answer, &work), OK);
    assert_int_equal(work.runs, 1);
    assert_int_equal(count(k->st), 1);
}

static void
a_change_is_undone_when_its_work_refuses(void **state)
{
    struct kit *k = *state;
    struct work work = { 0, ERR_EXPIRED };

    assert_int_equal(store_change(k->st, insert_and_answer, &work), ERR_EXPIRED);
    assert_int_equal(work.runs, 1);
    assert_false(store_in_transaction(k->st));
    assert_int_equal(count(k->st), 0);
}

static void
a_taken_key_is_not_tried_again(void **state)
{
    struct kit *k = *state;
    struct work work = { 0, OK };

    assert_int_equal(kit_spend(k->st, 1), OK);
    assert_int_equal(store_change(k->st, insert_and_answer, &work), ERR_CONFLICT);
    assert_int_equal(work.runs, 1);
}

static enum err
insert_and_run_out(struct store *st, void *ctx)
{
    struct work *work = ctx;

    assert_int_equal(kit_spend(st, ++work->runs), OK);
    unwind(ERR_TOO_LARGE);
}

struct change_left {
    struct store *st;
    struct work work;
};

static void
change_and_leave(void *state)
{
    struct change_left *left = state;

    (void)!store_change(left->st, insert_and_run_out, &left->work);
}

/* Who runs out of memory halfway holds no lock and leaves no half of a change. */
static void
a_change_left_early_is_undone(void **state)
{
    struct kit *k = *state;
    struct store *other = store_open(k->db);
    struct change_left left = { .st = k->st };

    assert_int_equal(unwind_run(change_and_leave, &left), ERR_TOO_LARGE);
    assert_int_equal(left.work.runs, 1);
    assert_false(store_in_transaction(k->st));
    assert_int_equal(count(k->st), 0);
    assert_int_equal(kit_spend(other, 1), OK);
    assert_int_equal(count(k->st), 1);
    store_close(other);
}

struct follower {
    struct store_follower base;
    int told;
    enum err outcome;
};

static void
follower_hears(struct store_follower *self, enum err outcome)
{
    struct follower *follower = (struct follower *)self;

    follower->told++;
    follower->outcome = outcome;
}

/* Once, and not of the next transaction. */
static void
who_follows_a_transaction_is_told_how_it_ended(void **state)
{
    struct kit *k = *state;
    struct follower kept = { .base = { follower_hears } };
    struct follower undone = kept;
    struct follower doomed = kept;

    assert_int_equal(store_begin(k->st), OK);
    assert_null(store_follower(k->st));
    store_follow(k->st, &kept.base);
    assert_ptr_equal(store_follower(k->st), &kept.base);
    assert_int_equal(kit_spend(k->st, 1), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(kept.outcome, OK);
    assert_int_equal(store_begin(k->st), OK);
    assert_null(store_follower(k->st));
    store_follow(k->st, &undone.base);
    store_rollback(k->st);
    assert_int_equal(undone.outcome, ERR_REFUSED);
    assert_int_equal(store_begin(k->st), OK);
    store_follow(k->st, &doomed.base);
    assert_int_equal(kit_spend(k->st, 1), ERR_CONFLICT);
    assert_int_equal(store_commit(k->st), ERR_CONFLICT);
    assert_int_not_equal(doomed.outcome, OK);
    assert_int_equal(kept.told, 1);
    assert_int_equal(undone.told, 1);
    assert_int_equal(doomed.told, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_commit_keeps_all_of_a_transaction),
        kit_test(a_rollback_leaves_nothing),
        kit_test(an_empty_transaction_is_no_trouble),
        kit_test(transactions_do_not_nest),
        kit_test(a_conflict_dooms_its_transaction),
        kit_test(an_absent_row_dooms_nothing),
        kit_test(closing_a_store_undoes_what_was_not_committed),
        kit_test(a_change_is_kept_when_its_work_is_done),
        kit_test(a_change_is_undone_when_its_work_refuses),
        kit_test(a_taken_key_is_not_tried_again),
        kit_test(a_change_left_early_is_undone),
        kit_test(who_follows_a_transaction_is_told_how_it_ended),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
