/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include "idp/person/attempts.h"

static bool
taken(struct world *w, enum attempt_kind kind, const char *subject)
{
    struct ctx ctx = world_ctx(w);
    bool allowed = false;

    assert_int_equal(attempt_take(&ctx, kind, subject, &allowed, NULL), OK);
    return allowed;
}

static void
each_kind_allows_its_cap_and_no_more(void **state)
{
    struct world *w = *state;

    for (int kind = ATTEMPT_NONE + 1; kind < ATTEMPT_KIND_COUNT; kind++) {
        int64_t cap = attempt_rule((enum attempt_kind)kind)->cap;

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

    assert_true(taken(w, ATTEMPT_SMS_SEND_MINUTE, "x"));
    world_advance(w, 59);
    assert_false(taken(w, ATTEMPT_SMS_SEND_MINUTE, "x"));
    world_advance(w, 1);
    assert_true(taken(w, ATTEMPT_SMS_SEND_MINUTE, "x"));
}

static void
one_given_back_may_be_taken_again(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    for (int i = 0; i < 3; i++)
        assert_true(taken(w, ATTEMPT_BANK_PERSON_DAY, "x"));
    attempt_give_back(&ctx, ATTEMPT_BANK_PERSON_DAY, "x");
    assert_true(taken(w, ATTEMPT_BANK_PERSON_DAY, "x"));
    assert_false(taken(w, ATTEMPT_BANK_PERSON_DAY, "x"));
}

static void
a_success_forgets_them_all(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int64_t count;
    bool allowed;

    for (int i = 0; i < 4; i++)
        assert_true(taken(w, ATTEMPT_PASSWORD, "x"));
    attempts_forget(&ctx, ATTEMPT_PASSWORD, "x");
    assert_int_equal(attempt_take(&ctx, ATTEMPT_PASSWORD, "x", &allowed, &count), OK);
    assert_int_equal(count, 1);
}

static void
what_never_was_can_be_given_back(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    attempt_give_back(&ctx, ATTEMPT_PASSWORD, "nobody");
    attempts_forget(&ctx, ATTEMPT_PASSWORD, "nobody");
    assert_int_equal(world_rows_of(w, "attempt"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(each_kind_allows_its_cap_and_no_more),
        world_test(a_window_ends_with_its_last_second),
        world_test(one_given_back_may_be_taken_again),
        world_test(a_success_forgets_them_all),
        world_test(what_never_was_can_be_given_back),
    };

    return world_run(tests);
}
