/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/store/attempt.h"
#include "tests/store_kit.h"

#define WINDOW_S 60

static struct attempt
an_attempt(int digest)
{
    return (struct attempt) { 1, kit_digest(digest), WINDOW_S };
}

static int64_t
add(struct kit *k, struct attempt attempt, unix_s now)
{
    int64_t count = -1;

    assert_int_equal(store_attempt_add(k->st, &attempt, now, &count), OK);
    return count;
}

static int64_t
count_of(struct kit *k, struct attempt attempt, unix_s now)
{
    int64_t count = -1;

    assert_int_equal(store_attempt_count(k->st, &attempt, now, &count), OK);
    return count;
}

static void
attempts_are_counted_within_their_window(void **state)
{
    struct kit *k = *state;

    assert_int_equal(count_of(k, an_attempt(1), 100), 0);
    assert_int_equal(add(k, an_attempt(1), 100), 1);
    assert_int_equal(add(k, an_attempt(1), 130), 2);
    assert_int_equal(add(k, an_attempt(1), 159), 3);
    assert_int_equal(count_of(k, an_attempt(1), 159), 3);
}

static void
a_window_that_is_over_starts_again_at_one(void **state)
{
    struct kit *k = *state;

    assert_int_equal(add(k, an_attempt(1), 100), 1);
    assert_int_equal(add(k, an_attempt(1), 130), 2);
    assert_int_equal(count_of(k, an_attempt(1), 160), 0);
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
    assert_int_equal(count_of(k, attempt, 100), 0);
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
    assert_int_equal(count_of(k, attempt, 100), 0);
}

static void
an_attempt_is_not_added_inside_a_transaction(void **state)
{
    struct kit *k = *state;
    struct attempt attempt = an_attempt(1);
    int64_t count;

    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_attempt_add(k->st, &attempt, 100, &count), ERR_INTERNAL);
    store_rollback(k->st);
}

struct tally {
    struct attempt attempt;
    int64_t counts[KIT_THREADS_MAX];
};

static enum err
add_in_thread(struct store *st, int thread, void *ctx)
{
    struct tally *tally = ctx;

    return store_attempt_add(st, &tally->attempt, 100, &tally->counts[thread]);
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
    assert_int_equal(count_of(k, tally.attempt, 100), 16);
    for (int i = 0; i < 16; i++)
        sum += tally.counts[i];
    assert_int_equal(sum, 16 * 17 / 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(attempts_are_counted_within_their_window),
        kit_test(a_window_that_is_over_starts_again_at_one),
        kit_test(kinds_and_digests_are_counted_apart),
        kit_test(cleared_attempts_are_forgotten),
        kit_test(an_attempt_given_back_does_not_count),
        kit_test(an_attempt_is_not_added_inside_a_transaction),
        kit_test(of_16_threads_each_makes_a_count_of_its_own),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
