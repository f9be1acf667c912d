/* SPDX-License-Identifier: Apache-2.0 */
/* The mirror of physical cards, fed by the bureau's simulator: what it takes over, and when it is no
 * ground for a decision. */
#include "idp/base/text.h"
#include "tests/card/bureau_kit.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "idp/context/change.h"
#include "tests/card/kit.h"

static const struct problem *
fresh(struct world *w)
{
    struct ctx ctx = world_ctx(w);

    return card_mirror_fresh(&ctx);
}

static void
what_the_feed_tells_is_kept_with_its_number_sealed(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_physical_card card;
    const char *number;

    assert_true(pulled_whole(w, NULL).changes > 0);
    card = mirrored(w);
    assert_int_equal(card.state, PHYSICAL_NORMAL);
    assert_string_equal(card.region, REGION);
    assert_int_equal(card.valid_to, 20991231);
    assert_int_equal(physical_number_open(&ctx, &card, &number), OK);
    assert_string_equal(number, CARD);
    assert_int_equal(pulled_whole(w, NULL).changes, 0);
    assert_int_equal(pulled_whole(w, "card_no=" CARD "&state=lost").changes, 1);
    assert_int_equal(mirrored(w).state, PHYSICAL_LOST);
}

static void
a_long_feed_is_taken_page_by_page_and_is_not_fresh_before_its_end(void **state)
{
    struct world *w = *state;
    struct mirror_pull pull;

    pulled_whole(w, NULL);
    world_advance(w, 60);
    assert_int_equal(pulled(w, "card_no=" CARD "&state=lost&times=250", &pull), OK);
    assert_true(pull.more);
    assert_ptr_equal(fresh(w), &problem_card_register_stale);
    assert_int_equal(pulled(w, NULL, &pull), OK);
    assert_false(pull.more);
    assert_null(fresh(w));
}

static void
an_older_position_never_overwrites_a_newer_one(void **state)
{
    struct world *w = *state;

    pulled_whole(w, "card_no=" CARD "&state=lost");
    pulled_whole(w, "card_no=" CARD "&state=cancelled&feed=shuffled");
    assert_int_equal(mirrored(w).state, PHYSICAL_CANCELLED);
    world_card_control(w, "feed=ok&card_no=" CARD "&state=normal");
    pulled_whole(w, "card_no=" CARD "&state=void&feed=shuffled"); /* that one comes before normal */
    assert_int_equal(mirrored(w).state, PHYSICAL_VOID);
}

static void
of_two_nodes_with_one_page_one_takes_it_over(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_feed from;
    struct card_change change = { .position = 1,
                                  .region = REGION,
                                  .card_no = CARD,
                                  .identity_number = HOLDER,
                                  .state = PHYSICAL_LOST,
                                  .valid_from = 20200101,
                                  .valid_to = 20300101 };
    const struct card_feed_page page = { 1, ctx.now, false, &change, 1 };

    assert_int_equal(card_mirror_read(&ctx, &from), OK);
    assert_int_equal(card_mirror_apply(&ctx, &from, &page), OK);
    change.state = PHYSICAL_NORMAL;
    assert_int_equal(card_mirror_apply(&ctx, &from, &page), ERR_CONFLICT);
    assert_int_equal(mirrored(w).state, PHYSICAL_LOST);
    from.position = 7; /* nor one that begins elsewhere */
    assert_int_equal(card_mirror_apply(&ctx, &from, &page), ERR_CONFLICT);
}

static void
what_was_born_of_a_card_ends_when_the_bureau_stops_it(void **state)
{
    static const char *const states[] = { "lost", "provisional", "locked", "void", "cancelled" };
    struct world *w = *state;

    (void)bureau_ecard(w);
    card_proven(w, 0);
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        struct session by_card;
        struct session by_password;
        struct stored_grant grant;
        struct stored_grant other;

        pulled_whole(w, "card_no=" CARD "&state=normal");
        by_card = login_by(w, 0, BY_CARD);
        by_password = login_by(w, 0, "pwd");
        grant = grant_of(w, &by_card);
        other = grant_of(w, &by_password);
        pulled_whole(w, arena_printf(w->arena, "card_no=" CARD "&state=%s", states[i]));
        assert_false(grant_lives(w, &grant));
        assert_true(grant_lives(w, &other));
        assert_int_equal(level_of(w, &by_card), 1);
    }
}

static void
what_is_older_than_what_is_known_ends_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card_change old = { .position = 1,
                               .region = REGION,
                               .card_no = CARD,
                               .identity_number = HOLDER,
                               .state = PHYSICAL_LOST,
                               .valid_from = 20200101,
                               .valid_to = 20300101 };
    struct stored_grant grant;
    struct session by_card;

    (void)bureau_ecard(w);
    card_proven(w, 0);
    pulled_whole(w, "card_no=" CARD "&state=normal");
    by_card = login_by(w, 0, BY_CARD);
    grant = grant_of(w, &by_card);
    assert_int_equal(card_mirror_take(&ctx, &old, 1), OK);
    assert_true(grant_lives(w, &grant));
    assert_int_equal(mirrored(w).state, PHYSICAL_NORMAL);
}

/* A scan that holds her card while the bureau's change of it arrives. */
struct mirror_race {
    struct world *w;
    struct session session;
    const char *card_id;
    struct card_change change;
    struct stored_grant grant;
    _Atomic(bool) holds;
    _Atomic(bool) over; /* the change has been taken over */
    enum err taken;
};

static void *
change_arrives(void *state)
{
    struct mirror_race *race = state;
    struct arena *arena = arena_new(8 << 20);
    struct store *store = store_open(race->w->services.database);
    struct ctx ctx = ctx_new(&race->w->services, arena, store);

    while (!atomic_load(&race->holds))
        sched_yield();
    race->taken = card_mirror_take(&ctx, &race->change, 1);
    atomic_store(&race->over, true);
    store_close(store);
    arena_free(arena);
    return NULL;
}

/* She was found in order, and something is made of that. */
static enum err
scan_in_change(struct ctx *ctx, void *state)
{
    struct mirror_race *race = state;
    struct card card;
    enum err err = card_hold(ctx, race->session.row.subject.id, race->card_id, &card);
    int64_t person_state;

    atomic_store(&race->holds, true);
    for (int i = 0; err == OK && i < 300 && !atomic_load(&race->over); i++)
        err = store_person_state(ctx->store, "p_world0",
                                 &person_state); /* time, for whoever does not wait */
    if (err == OK && card.state == CARD_ACTIVE)
        race->grant = grant_of(race->w, &race->session);
    return err;
}

static void
what_a_scan_made_of_a_card_ends_with_it_also_when_both_come_at_once(void **state)
{
    struct world *w = *state;
    struct stored_ecard row = bureau_ecard(w);

    card_proven(w, 0);
    for (int i = 0; i < 5; i++) {
        int64_t position = 1000 + 2 * i;
        struct mirror_race race = { .w = w,
                                    .session = login_by(w, 0, BY_CARD),
                                    .card_id = row.card_id,
                                    .change = { .position = position,
                                                .region = REGION,
                                                .card_no = CARD,
                                                .identity_number = HOLDER,
                                                .state = PHYSICAL_NORMAL,
                                                .valid_from = 20200101,
                                                .valid_to = 20350101 } };
        struct ctx ctx = world_ctx(w);
        pthread_t thread;

        assert_int_equal(card_mirror_take(&ctx, &race.change, 1), OK);
        race.change.position++;
        race.change.state = PHYSICAL_LOST;
        assert_int_equal(pthread_create(&thread, NULL, change_arrives, &race), 0);
        assert_int_equal(change(&ctx, scan_in_change, &race), OK);
        pthread_join(thread, NULL);
        assert_int_equal(race.taken, OK);
        assert_false(grant_lives(w, &race.grant));
    }
}

static void
a_provisional_loss_lapses_when_the_bureau_says_or_after_the_days_of_the_region(void **state)
{
    struct world *w = *state;

    w->settings.card.loss_days = REGION ":7 *:15";
    pulled_whole(w, "card_no=" CARD "&state=provisional");
    assert_int_equal(mirrored(w).lapses_at, w->now + 7 * 86400);
    pulled_whole(w, "card_no=" CARD "&state=provisional&lapses_at=1999999999");
    assert_int_equal(mirrored(w).lapses_at, 1999999999);
    pulled_whole(w, "card_no=" CARD "&state=lost");
    assert_int_equal(mirrored(w).lapses_at, 0);
}

static void
after_an_import_the_feed_goes_on_behind_it(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_feed feed;
    bool raised;

    assert_int_equal(card_mirror_raise(&ctx, 3, &raised), OK);
    assert_true(raised);
    assert_ptr_equal(fresh(w), &problem_card_register_stale);
    assert_int_equal(card_mirror_raise(&ctx, 2, &raised), OK);
    assert_false(raised);
    assert_int_equal(card_mirror_read(&ctx, &feed), OK);
    assert_int_equal(feed.position, 3);
    pulled_whole(w, NULL);
    assert_null(fresh(w));
}

/* QR-19 of docs/attacks.md: what is known of cards is 30 s old at most, or nothing is decided by it. */
static void
qr_19_a_register_that_does_not_answer_is_good_for_thirty_seconds_and_then_nothing_is(void **state)
{
    static const char *const manners[] = { "feed=down",   "feed=hang",     "feed=cut",
                                           "feed=forged", "feed=replayed", "feed=gap",
                                           "feed=back",   "feed=big",      "feed=later" };
    struct world *w = *state;
    struct mirror_pull pull;

    assert_ptr_equal(fresh(w), &problem_card_register_stale); /* never pulled */
    for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++) {
        pulled_whole(w, "feed=ok");
        assert_null(fresh(w));
        world_advance(w, MIRROR_FRESH_S);
        assert_int_not_equal(pulled(w, manners[i], &pull), OK);
        assert_null(fresh(w));
        world_advance(w, 1);
        assert_ptr_equal(fresh(w), &problem_card_register_stale);
    }
    pulled_whole(w, "feed=ok");
    assert_null(fresh(w));
}

static void
qr_19_an_answer_that_is_old_itself_or_of_a_wrong_clock_does_not_make_it_fresh(void **state)
{
    struct world *w = *state;

    pulled_whole(w, "feed=stale");
    assert_ptr_equal(fresh(w), &problem_card_register_stale);
    pulled_whole(w, "feed=ahead");
    assert_ptr_equal(fresh(w), &problem_card_register_stale);
    pulled_whole(w, "feed=ok");
    assert_null(fresh(w));
}

static void
a_clock_that_is_set_back_makes_nothing_fresh(void **state)
{
    struct world *w = *state;

    pulled_whole(w, NULL);
    world_advance(w, -300);
    assert_ptr_equal(fresh(w), &problem_card_register_stale);
    pulled_whole(w, NULL);
    assert_null(fresh(w));
    world_advance(w, 300);
    assert_ptr_equal(fresh(w), &problem_card_register_stale);
}

static void
after_a_restore_nothing_is_good_before_the_feed_was_pulled_since(void **state)
{
    struct world *w = *state;

    pulled_whole(w, NULL);
    world_advance(w, 5);
    not_before_raise(&w->services, w->now);
    assert_ptr_equal(fresh(w), &problem_card_register_stale);
    pulled_whole(w, NULL);
    assert_null(fresh(w));
}

static void
without_a_bureau_no_card_is_offered(void **state)
{
    struct world *w = *state;

    world_feed(w, 0);
    assert_null(fresh(w));
    w->settings.card_bureau.url = "";
    assert_ptr_equal(fresh(w), &problem_card_not_offered);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        bureau_test(what_the_feed_tells_is_kept_with_its_number_sealed),
        bureau_test(a_long_feed_is_taken_page_by_page_and_is_not_fresh_before_its_end),
        bureau_test(an_older_position_never_overwrites_a_newer_one),
        bureau_test(of_two_nodes_with_one_page_one_takes_it_over),
        bureau_test(what_was_born_of_a_card_ends_when_the_bureau_stops_it),
        bureau_test(what_is_older_than_what_is_known_ends_nothing),
        bureau_test(what_a_scan_made_of_a_card_ends_with_it_also_when_both_come_at_once),
        bureau_test(a_provisional_loss_lapses_when_the_bureau_says_or_after_the_days_of_the_region),
        bureau_test(after_an_import_the_feed_goes_on_behind_it),
        bureau_test(
            qr_19_a_register_that_does_not_answer_is_good_for_thirty_seconds_and_then_nothing_is),
        bureau_test(qr_19_an_answer_that_is_old_itself_or_of_a_wrong_clock_does_not_make_it_fresh),
        bureau_test(a_clock_that_is_set_back_makes_nothing_fresh),
        bureau_test(after_a_restore_nothing_is_good_before_the_feed_was_pulled_since),
        bureau_test(without_a_bureau_no_card_is_offered),
    };

    return world_sims_run(tests);
}
