/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/attempt.h"
#include "tests/store_kit.h"

#define WINDOW_S 60

static struct attempt
an_attempt(int digest)
{
    return (struct attempt) { 1, kit_digest(digest), WINDOW_S, "", NULL };
}

static struct attempt_tally
add_one(struct kit *k, struct attempt attempt, unix_s now)
{
    struct attempt_tally tally = { 0 };

    assert_int_equal(store_attempt_add(k->st, &attempt, now, &tally), OK);
    return tally;
}

static int64_t
add(struct kit *k, struct attempt attempt, unix_s now)
{
    return add_one(k, attempt, now).count;
}

static int64_t
rows(struct kit *k)
{
    static const char sql[] = "SELECT count(*) FROM attempt";
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return count;
}

static void
attempts_are_counted_within_their_window(void **state)
{
    struct kit *k = *state;

    assert_int_equal(add(k, an_attempt(1), 100), 1);
    assert_int_equal(add(k, an_attempt(1), 130), 2);
    assert_int_equal(add(k, an_attempt(1), 159), 3);
    assert_int_equal(add_one(k, an_attempt(1), 159).ends_at, 160);
}

static void
looking_at_a_line_counts_nothing(void **state)
{
    struct kit *k = *state;
    struct attempt attempt = an_attempt(1);
    struct attempt_tally tally = { 0 };

    assert_int_equal(store_attempt_find(k->st, &attempt, 100, &tally), ERR_NOT_FOUND);
    (void)add(k, attempt, 100);
    (void)add(k, attempt, 130);
    assert_int_equal(store_attempt_find(k->st, &attempt, 159, &tally), OK);
    assert_int_equal(tally.count, 2);
    assert_int_equal(tally.marked_at, 100);
    assert_int_equal(tally.ends_at, 160);
    assert_int_equal(store_attempt_find(k->st, &attempt, 160, &tally), ERR_NOT_FOUND);
    assert_int_equal(add(k, attempt, 159), 3);
}

static struct attempt_tally
send(struct kit *k, const char *form, unix_s now)
{
    struct attempt attempt = an_attempt(1);

    attempt.form = form;
    return add_one(k, attempt, now);
}

static void
the_same_form_again_is_the_same_attempt(void **state)
{
    struct kit *k = *state;

    assert_int_equal(send(k, "a", 100).repeated, 0);
    assert_int_equal(send(k, "a", 101).repeated, 1);
    assert_int_equal(send(k, "a", 101).count, 2); /* every second sending counts */
    assert_int_equal(send(k, "a", 101).count, 2);
    assert_int_equal(send(k, "b", 102).repeated, 0);
    assert_int_equal(send(k, "a", 103).count, 4);
    assert_int_equal(send(k, "", 104).count, 5);
    assert_int_equal(send(k, "", 104).count, 6);
    assert_int_equal(send(k, "", 160).count, 1);
    assert_int_equal(send(k, "a", 160).count, 2);
    assert_int_equal(send(k, "a", 220).count, 1);
}

static void
what_was_not_counted_is_not_given_back(void **state)
{
    struct kit *k = *state;
    struct attempt attempt = an_attempt(1);

    send(k, "a", 100);
    send(k, "a", 100);
    assert_int_equal(store_attempt_give_back(k->st, &attempt), OK);
    assert_int_equal(send(k, "b", 100).count, 2);
    assert_int_equal(store_attempt_give_back(k->st, &attempt), OK);
    assert_int_equal(send(k, "b", 100).count, 2);
}

static void
a_window_that_is_over_starts_again_at_one(void **state)
{
    struct kit *k = *state;

    assert_int_equal(add(k, an_attempt(1), 100), 1);
    assert_int_equal(add(k, an_attempt(1), 130), 2);
    assert_int_equal(add(k, an_attempt(1), 160), 1);
    assert_int_equal(add(k, an_attempt(1), 219), 2);
    assert_int_equal(add(k, an_attempt(1), 220), 1);
}

static void
kinds_and_digests_are_counted_apart(void **state)
{
    struct kit *k = *state;
    struct attempt other_kind = an_attempt(1);

    other_kind.kind = 2;
    assert_int_equal(add(k, an_attempt(1), 100), 1);
    assert_int_equal(add(k, an_attempt(2), 100), 1);
    assert_int_equal(add(k, other_kind, 100), 1);
}

static void
cleared_attempts_are_forgotten(void **state)
{
    struct kit *k = *state;
    struct attempt attempt = an_attempt(1);

    assert_int_equal(add(k, attempt, 100), 1);
    assert_int_equal(store_attempt_clear(k->st, &attempt), OK);
    assert_int_equal(store_attempt_clear(k->st, &attempt), OK);
    assert_int_equal(rows(k), 0);
    assert_int_equal(add(k, attempt, 100), 1);
}

static void
an_attempt_given_back_does_not_count(void **state)
{
    struct kit *k = *state;
    struct attempt attempt = an_attempt(1);

    assert_int_equal(store_attempt_give_back(k->st, &attempt), OK);
    assert_int_equal(add(k, attempt, 100), 1);
    assert_int_equal(store_attempt_give_back(k->st, &attempt), OK);
    assert_int_equal(store_attempt_give_back(k->st, &attempt), OK);
    assert_int_equal(add(k, attempt, 100), 1);
}

static void
what_is_rolled_back_was_never_counted(void **state)
{
    struct kit *k = *state;

    assert_int_equal(add(k, an_attempt(1), 100), 1);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(add(k, an_attempt(1), 101), 2);
    assert_int_equal(add(k, an_attempt(2), 101), 1);
    store_rollback(k->st);
    assert_int_equal(add(k, an_attempt(1), 102), 2);
    assert_int_equal(rows(k), 1);
}

static void
a_mark_says_when_the_last_one_counted(void **state)
{
    struct kit *k = *state;
    struct attempt attempt = an_attempt(1);

    assert_int_equal(add_one(k, attempt, 100).marked_at, 100);
    assert_int_equal(add_one(k, attempt, 110).marked_at, 100);
    assert_int_equal(store_attempt_mark(k->st, &attempt, 110), OK);
    assert_int_equal(add_one(k, attempt, 120).marked_at, 110);
    assert_int_equal(add_one(k, attempt, 120).ends_at, 160);
    assert_int_equal(add_one(k, attempt, 170).marked_at, 170);
}

struct tally {
    struct attempt attempt;
    struct attempt_tally counts[KIT_THREADS_MAX];
};

static enum err
add_in_thread(struct store *st, int thread, void *ctx)
{
    struct tally *tally = ctx;
    enum err err;

    do /* conflict: another thread made the line at this moment */
        err = store_attempt_add(st, &tally->attempt, 100, &tally->counts[thread]);
    while (err == ERR_CONFLICT);
    return err;
}

static void
of_16_threads_each_makes_a_count_of_its_own(void **state)
{
    struct kit *k = *state;
    struct tally tally = { .attempt = an_attempt(7) };
    enum err outcomes[KIT_THREADS_MAX];
    int64_t sum = 0;

    kit_race(k->db, 16, add_in_thread, &tally, outcomes);

    assert_int_equal(kit_count(outcomes, 16, OK), 16);
    assert_int_equal(add(k, tally.attempt, 100), 17);
    for (int i = 0; i < 16; i++)
        sum += tally.counts[i].count;
    assert_int_equal(sum, 16 * 17 / 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(attempts_are_counted_within_their_window),
        kit_test(looking_at_a_line_counts_nothing),
        kit_test(the_same_form_again_is_the_same_attempt),
        kit_test(what_was_not_counted_is_not_given_back),
        kit_test(a_window_that_is_over_starts_again_at_one),
        kit_test(kinds_and_digests_are_counted_apart),
        kit_test(cleared_attempts_are_forgotten),
        kit_test(an_attempt_given_back_does_not_count),
        kit_test(what_is_rolled_back_was_never_counted),
        kit_test(a_mark_says_when_the_last_one_counted),
        kit_test(of_16_threads_each_makes_a_count_of_its_own),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
