/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include "idp/person/attempts.h"

static bool
taken(struct world *w, enum attempt_kind kind, const char *subject)
{
    struct ctx ctx = world_ctx(w);
    bool allowed = false;

    assert_int_equal(attempt_take(&ctx, kind, subject, &allowed), OK);
    return allowed;
}

static struct attempt_verdict
take(struct world *w, const struct attempt_line *lines, size_t count)
{
    struct ctx ctx = world_ctx(w);
    struct attempt_verdict verdict;

    assert_int_equal(attempts_take(&ctx, lines, count, &verdict), OK);
    return verdict;
}

static void
each_kind_allows_its_cap_and_no_more_at_once(void **state)
{
    struct world *w = *state;

    w->settings.limits.codes_all_minute = w->settings.limits.codes_all_day = 80;
    w->settings.limits.password_tries_address = w->settings.limits.codes_prefix = 30;
    w->settings.limits.devices_address = w->settings.limits.devices_partner = 30;
    for (int kind = ATTEMPT_NONE + 1; kind < ATTEMPT_KIND_COUNT; kind++) {
        int64_t cap = attempt_rule(&w->settings, (enum attempt_kind)kind).cap;

        for (int64_t i = 0; i < cap; i++)
            assert_true(taken(w, (enum attempt_kind)kind, "somebody"));
        assert_false(taken(w, (enum attempt_kind)kind, "somebody"));
        assert_true(taken(w, (enum attempt_kind)kind, "somebody else"));
    }
}

static void
a_window_ends_with_its_last_second(void **state)
{
    struct world *w = *state;

    assert_true(taken(w, ATTEMPT_SMS_MINUTE, "x"));
    world_advance(w, 59);
    assert_false(taken(w, ATTEMPT_SMS_MINUTE, "x"));
    world_advance(w, 1);
    assert_true(taken(w, ATTEMPT_SMS_MINUTE, "x"));
}

/* 2, 4, 8, 15, 15 … minutes after the one before; what comes too early changes nothing. */
static void
behind_the_cap_each_one_waits_longer_but_never_for_ever(void **state)
{
    static const int64_t waits[] = { 120, 240, 480, 900, 900, 900 };
    const struct attempt_line line = { ATTEMPT_PASSWORD, "x", NULL, NULL };
    struct world *w = *state;

    for (int i = 0; i < 5; i++)
        assert_true(taken(w, ATTEMPT_PASSWORD, "x"));
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        struct attempt_verdict verdict = take(w, &line, 1);

        assert_false(verdict.allowed);
        assert_int_equal(verdict.refused_by, ATTEMPT_PASSWORD);
        assert_int_equal(verdict.wait_s, waits[i]);
        world_advance(w, waits[i] - 1);
        assert_int_equal(take(w, &line, 1).wait_s, 1);
        world_advance(w, 1);
        assert_true(taken(w, ATTEMPT_PASSWORD, "x"));
    }
}

static void
what_one_line_refuses_counts_in_none(void **state)
{
    const struct attempt_line lines[] = { { ATTEMPT_BANK_PERSON_DAY, "p", NULL, NULL },
                                          { ATTEMPT_BANK_CARD_DAY, "c", NULL, NULL } };
    struct world *w = *state;

    for (int i = 0; i < 5; i++)
        assert_true(taken(w, ATTEMPT_BANK_CARD_DAY, "c"));
    for (int i = 0; i < 10; i++) {
        struct attempt_verdict verdict = take(w, lines, 2);

        assert_false(verdict.allowed);
        assert_int_equal(verdict.refused_by, ATTEMPT_BANK_CARD_DAY);
        assert_int_equal(verdict.wait_s, 86400);
    }
    assert_int_equal(world_rows_of(w, "attempt"), 1);
    for (int i = 0; i < 3; i++)
        assert_true(taken(w, ATTEMPT_BANK_PERSON_DAY, "p"));
}

static void
the_attempt_that_fills_a_line_says_so(void **state)
{
    const struct attempt_line lines[] = { { ATTEMPT_BANK_PERSON_DAY, "p", NULL, NULL },
                                          { ATTEMPT_BANK_CARD_DAY, "c", NULL, NULL } };
    struct world *w = *state;

    assert_int_equal(take(w, lines, 2).filled, ATTEMPT_NONE);
    assert_int_equal(take(w, lines, 2).filled, ATTEMPT_NONE);
    assert_int_equal(take(w, lines, 2).filled, ATTEMPT_BANK_PERSON_DAY);
    assert_int_equal(take(w, lines, 2).filled, ATTEMPT_NONE);
}

static void
one_given_back_may_be_taken_again(void **state)
{
    const struct attempt_line line = { ATTEMPT_BANK_PERSON_DAY, "x", NULL, NULL };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (int i = 0; i < 3; i++)
        assert_true(taken(w, ATTEMPT_BANK_PERSON_DAY, "x"));
    attempts_give_back(&ctx, &line, 1);
    assert_true(taken(w, ATTEMPT_BANK_PERSON_DAY, "x"));
    assert_false(taken(w, ATTEMPT_BANK_PERSON_DAY, "x"));
}

static void
a_success_forgets_what_waits_and_gives_back_what_counts(void **state)
{
    const struct attempt_line lines[] = { { ATTEMPT_PASSWORD, "x", NULL, NULL },
                                          { ATTEMPT_PASSWORD_ADDRESS, "n", NULL, NULL } };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    w->settings.limits.password_tries_address = 10;
    for (int i = 0; i < 4; i++)
        assert_true(take(w, lines, 2).allowed);
    attempts_passed(&ctx, lines, 2);
    for (int i = 0; i < 5; i++)
        assert_true(taken(w, ATTEMPT_PASSWORD, "x"));
    assert_false(taken(w, ATTEMPT_PASSWORD, "x"));
    for (int i = 3; i < 10; i++)
        assert_true(taken(w, ATTEMPT_PASSWORD_ADDRESS, "n"));
    assert_false(taken(w, ATTEMPT_PASSWORD_ADDRESS, "n"));
}

static void
what_never_was_can_be_given_back(void **state)
{
    const struct attempt_line line = { ATTEMPT_PASSWORD, "nobody", NULL, NULL };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    attempts_give_back(&ctx, &line, 1);
    attempts_passed(&ctx, &line, 1);
    assert_int_equal(world_rows_of(w, "attempt"), 0);
}

static void
an_attempt_is_not_counted_inside_a_change_that_may_be_undone(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    bool allowed;

    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(attempt_take(&ctx, ATTEMPT_PASSWORD, "x", &allowed), ERR_INTERNAL);
    store_rollback(w->store);
}

static void
what_stands_at_a_number_is_listed_and_forgotten_together(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct attempt_line lines[] = { { ATTEMPT_PASSWORD, "a 1", NULL, "a" },
                                          { ATTEMPT_PASSWORD, "a 2", NULL, "a" },
                                          { ATTEMPT_PASSWORD, "b 1", NULL, "b" },
                                          { ATTEMPT_PASSWORD, "none", NULL, NULL } };
    struct attempt_locks locks;
    struct attempt_verdict verdict;
    int64_t count = -1;

    for (size_t i = 0; i < 4; i++)
        assert_int_equal(attempts_take(&ctx, &lines[i], 1, &verdict), OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(attempts_take(&ctx, &lines[1], 1, &verdict), OK);
    assert_int_equal(attempts_owned(&ctx, "a", &locks), OK);
    assert_int_equal(locks.count, 2);
    assert_int_equal(locks.at[0].kind, ATTEMPT_PASSWORD);
    assert_int_equal(locks.at[0].count, 5);
    assert_true(locks.at[0].wait_s > 0);
    assert_true(locks.at[0].ends_at > ctx.now);
    assert_int_equal(locks.at[1].count, 1);
    assert_int_equal(locks.at[1].wait_s, 0);
    assert_int_equal(attempts_forget(&ctx, "a", &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(attempts_owned(&ctx, "a", &locks), OK);
    assert_int_equal(locks.count, 0);
    assert_int_equal(attempts_owned(&ctx, "b", &locks), OK);
    assert_int_equal(locks.count, 1);
    assert_int_equal(world_rows_of(w, "attempt"), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(each_kind_allows_its_cap_and_no_more_at_once),
        world_test(a_window_ends_with_its_last_second),
        world_test(behind_the_cap_each_one_waits_longer_but_never_for_ever),
        world_test(what_one_line_refuses_counts_in_none),
        world_test(the_attempt_that_fills_a_line_says_so),
        world_test(one_given_back_may_be_taken_again),
        world_test(a_success_forgets_what_waits_and_gives_back_what_counts),
        world_test(what_never_was_can_be_given_back),
        world_test(an_attempt_is_not_counted_inside_a_change_that_may_be_undone),
        world_test(what_stands_at_a_number_is_listed_and_forgotten_together),
    };

    return world_run(tests);
}
