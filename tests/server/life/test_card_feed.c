/* SPDX-License-Identifier: Apache-2.0 */
/* How often the feed is pulled, and who is told when it does not come. */
#include "idp/base/metrics.h"
#include "idp/server/life/card_feed.h"
#include "tests/card/bureau_kit.h"

static bool
rounded(struct world *w, struct card_pulls *pulls)
{
    struct ctx ctx = world_ctx(w);
    bool again = false;

    assert_int_equal(card_feed_round(&ctx, pulls, &again), OK);
    return again;
}

static void
it_goes_on_at_once_while_there_is_more(void **state)
{
    struct world *w = *state;
    struct card_pulls pulls = { 0 };
    int64_t changes = metric_read(METRIC_CARD_FEED_CHANGES);
    int rounds = 1;

    world_card_control(w, "card_no=" CARD "&state=normal&times=250");
    while (rounded(w, &pulls))
        rounds++;
    assert_in_range(rounds, 2, 20);
    assert_true(metric_read(METRIC_CARD_FEED_CHANGES) - changes >= 250);
    assert_int_equal(metric_told(METRIC_CARD_FEED_AGE), 0);
}

static void
what_fails_is_tried_again_after_pauses_that_grow_to_ten_seconds(void **state)
{
    static const int pauses[] = { 2, 4, 8, 10, 10 };
    struct world *w = *state;
    struct card_pulls pulls = { 0 };
    int64_t before = metric_read(METRIC_CARD_FEED_UNANSWERED);

    world_card_control(w, "feed=down");
    for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
        rounded(w, &pulls);
        rounded(w, &pulls); /* not yet */
        assert_int_equal(pulls.failures, i + 1);
        world_advance(w, pauses[i]);
    }
    assert_int_equal(metric_read(METRIC_CARD_FEED_UNANSWERED) - before, 5);
    assert_int_equal(metric_told(METRIC_CARD_FEED_AGE), 24);
    assert_false(pulls.stale);
    rounded(w, &pulls);
    assert_true(pulls.stale); /* 34 s without one */
    world_card_control(w, "feed=ok");
    world_advance(w, 10);
    while (rounded(w, &pulls))
        ;
    assert_false(pulls.stale);
    assert_int_equal(pulls.failures, 0);
    assert_int_equal(metric_told(METRIC_CARD_FEED_AGE), 0);
}

static void
each_outcome_is_counted(void **state)
{
    static const struct {
        const char *form;
        enum metric metric;
    } cases[] = {
        { "feed=ok", METRIC_CARD_FEED_OK },
        { "feed=stale", METRIC_CARD_FEED_STALE },
        { "feed=forged", METRIC_CARD_FEED_ALARM },
        { "feed=gap", METRIC_CARD_FEED_ALARM },
        { "feed=later", METRIC_CARD_FEED_UNANSWERED },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct card_pulls pulls = { 0 };
        int64_t before = metric_read(cases[i].metric);

        world_card_control(w, cases[i].form);
        while (rounded(w, &pulls))
            before = metric_read(cases[i].metric);
        assert_int_equal(metric_read(cases[i].metric) - before, 1);
    }
}

static void
without_a_bureau_nobody_is_asked(void **state)
{
    struct world *w = *state;
    struct card_pulls pulls = { 0 };

    w->settings.card_bureau.url = "";
    assert_false(rounded(w, &pulls));
    assert_int_equal(pulls.since, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        bureau_test(it_goes_on_at_once_while_there_is_more),
        bureau_test(what_fails_is_tried_again_after_pauses_that_grow_to_ten_seconds),
        bureau_test(each_outcome_is_counted),
        bureau_test(without_a_bureau_nobody_is_asked),
    };

    return world_sims_run(tests);
}
