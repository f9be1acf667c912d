/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/life.h"

#include "idp/card/loss.h"
#include "tests/card/kit.h"

#define DAY 86400

static const struct problem *
issue(struct world *w, int n, struct card *out)
{
    struct ctx ctx = world_ctx(w);

    return card_issue(&ctx, world_person(w, n), out);
}

static struct card
issued(struct world *w, int n)
{
    struct card card;

    world_feed(w, 0);
    world_physical_card(w, n, PHYSICAL_NORMAL);
    assert_null(issue(w, n, &card));
    return card;
}

/* The office has made another card for her, and enabled it; the one before is void. */
static void
another_card(struct world *w, int n, const char *number)
{
    struct ctx ctx = world_ctx(w);
    struct card card = card_of(w, n);
    struct stored_physical_card other = card.physical;

    world_physical_card(w, n, PHYSICAL_VOID);
    other.card_key = physical_card_key(&ctx, WORLD_REGION, number);
    other.state = PHYSICAL_NORMAL;
    other.position = 1000;
    world_must(physical_number_seal(&ctx, &other.card_key, number, &other.number_sealed),
               "no seal");
    world_must(store_begin(w->store), "no transaction");
    world_must(store_physical_card_put(w->store, w->arena, &other), "no other card");
    world_must(store_commit(w->store), "no commit");
}

static void
a_card_is_issued_once_and_pressed_twice_is_the_same(void **state)
{
    struct world *w = *state;
    struct card first;
    struct card second;

    world_audit_mark(w);
    first = issued(w, 0);
    assert_int_equal(first.state, CARD_ACTIVE);
    assert_int_equal(first.row.own_state, ECARD_L1);
    assert_true(text_starts(first.row.card_id, "c_"));
    assert_null(issue(w, 0, &second));
    assert_string_equal(second.row.card_id, first.row.card_id);
    assert_audited(w, AUDIT_CARD_ISSUED, "issued");
}

/* World time is in 2026 and the physical card good until 2035. */
static void
it_is_good_for_five_years_and_never_longer_than_the_physical_one(void **state)
{
    struct world *w = *state;
    struct card card = issued(w, 0);

    assert_int_equal(card.row.valid_to, time_beijing_date(world_ctx(w).now) + 50000);
}

static void
without_an_enabled_physical_card_none_is_issued(void **state)
{
    static const struct {
        int64_t physical;
        const struct problem *problem;
    } cases[] = {
        { PHYSICAL_NOT_ENABLED, &problem_ecard_physical_unfit },
        { PHYSICAL_LOST, &problem_ecard_physical_unfit },
        { PHYSICAL_PROVISIONAL, &problem_ecard_physical_unfit },
        { PHYSICAL_LOCKED, &problem_ecard_physical_unfit },
        { PHYSICAL_VOID, &problem_ecard_physical_missing },
        { PHYSICAL_CANCELLED, &problem_ecard_physical_missing },
    };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card;

    world_feed(w, 0);
    assert_ptr_equal(issue(w, 0, &card), &problem_ecard_physical_missing);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_physical_card(w, 0, cases[i].physical);
        assert_ptr_equal(issue(w, 0, &card), cases[i].problem);
    }
    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), ERR_NOT_FOUND);
}

static void
none_is_issued_by_a_register_that_is_old(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card;

    world_physical_card(w, 0, PHYSICAL_NORMAL);
    world_feed(w, 31);
    assert_ptr_equal(issue(w, 0, &card), &problem_card_register_stale);
    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), ERR_NOT_FOUND);
}

static void
qr_12_the_number_of_a_replaced_card_never_comes_back(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card old = issued(w, 0);
    struct ecard_past_list past;
    struct session by_card;
    struct stored_grant grant;
    struct card card;

    card_proven(w, 0);
    by_card = login_by(w, 0, BY_CARD);
    grant = grant_of(w, &by_card);
    assert_null(card_lose(
        &ctx, &(struct loss_report) { world_person(w, 0), CARD_LOSS_FORMAL, LOSS_AT_COUNTER },
        &card));
    assert_ptr_equal(issue(w, 0, &card), &problem_ecard_lost_for_good);
    another_card(w, 0, "B90000001");
    world_audit_mark(w);
    assert_null(issue(w, 0, &card));
    assert_audited(w, AUDIT_CARD_ISSUED, "replaced");
    assert_string_not_equal(card.row.card_id, old.row.card_id);
    assert_int_equal(card.state, CARD_ACTIVE);
    assert_int_equal(card.row.loss, CARD_NOT_LOST);
    assert_false(grant_lives(w, &grant));
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(card_hold(&ctx, world_person(w, 0), old.row.card_id, &card), ERR_NOT_FOUND);
    store_rollback(w->store);
    assert_int_equal(store_ecard_past_list(w->store, w->arena, world_person(w, 0), &past), OK);
    assert_int_equal(past.count, 1);
    assert_string_equal(past.at[0].card_id, old.row.card_id);
}

static void
a_card_is_activated_for_paying_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card = issued(w, 0);

    world_audit_mark(w);
    assert_null(card_activate(&ctx, world_person(w, 0), &card));
    assert_int_equal(card.row.own_state, ECARD_L2);
    assert_null(card_activate(&ctx, world_person(w, 0), &card));
    assert_audited(w, AUDIT_CARD_ISSUED, "activated");
    assert_ptr_equal(card_activate(&ctx, world_person(w, 1), &card), &problem_ecard_none);
}

static void
one_that_cannot_be_used_is_not_activated(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card = issued(w, 0);

    world_physical_card(w, 0, PHYSICAL_LOST);
    assert_ptr_equal(card_activate(&ctx, world_person(w, 0), &card), &problem_ecard_not_active);
}

static void
it_is_renewed_from_sixty_days_before_and_behind_its_last_day(void **state)
{
    struct world *w = *state;
    struct card card = issued(w, 0);
    int64_t first = card.row.valid_to;
    struct ctx ctx = world_ctx(w);

    assert_ptr_equal(card_renew(&ctx, world_person(w, 0), &card), &problem_ecard_renew_early);
    world_advance(w, 5 * 365 * (int64_t)DAY + 10 * DAY); /* it is over */
    world_feed(w, 0);
    ctx = world_ctx(w);
    assert_int_equal(card_of(w, 0).state, CARD_LAPSED);
    world_audit_mark(w);
    assert_null(card_renew(&ctx, world_person(w, 0), &card));
    assert_audited(w, AUDIT_CARD_ISSUED, "renewed");
    assert_true(card.row.valid_to > first);
    assert_int_equal(card.state, CARD_ACTIVE);
    assert_ptr_equal(card_renew(&ctx, world_person(w, 0), &card), &problem_ecard_renew_early);
    assert_ptr_equal(card_renew(&ctx, world_person(w, 1), &card), &problem_ecard_none);
}

static void
renewing_reads_the_physical_card_anew(void **state)
{
    struct world *w = *state;
    struct card card = issued(w, 0);
    struct ctx ctx;

    world_advance(w, 1800 * (int64_t)DAY);
    world_feed(w, 0);
    ctx = world_ctx(w);
    world_physical_card(w, 0, PHYSICAL_LOCKED);
    assert_ptr_equal(card_renew(&ctx, world_person(w, 0), &card), &problem_ecard_not_active);
    world_physical_card(w, 0, PHYSICAL_NOT_ENABLED);
    assert_ptr_equal(card_renew(&ctx, world_person(w, 0), &card), &problem_ecard_physical_unfit);
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    world_feed(w, 31);
    assert_ptr_equal(card_renew(&ctx, world_person(w, 0), &card), &problem_card_register_stale);
}

static void
a_closed_card_is_gone_and_another_has_another_number(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card first = issued(w, 0);
    struct card second;

    world_audit_mark(w);
    assert_null(card_close(&ctx, world_person(w, 0)));
    assert_audited(w, AUDIT_CARD_ISSUED, "closed");
    assert_ptr_equal(card_close(&ctx, world_person(w, 0)), &problem_ecard_none);
    second = issued(w, 0);
    assert_string_not_equal(second.row.card_id, first.row.card_id);
}

/* Else closing it and taking another would lift the report. */
static void
a_lost_card_is_not_closed(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card = issued(w, 0);

    assert_null(card_lose(
        &ctx, &(struct loss_report) { world_person(w, 0), CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE },
        &card));
    assert_ptr_equal(card_close(&ctx, world_person(w, 0)), &problem_ecard_not_active);
    assert_null(issue(w, 0, &card)); /* the same, and still lost */
    assert_int_equal(card.state, CARD_SUSPENDED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_card_is_issued_once_and_pressed_twice_is_the_same),
        world_test(it_is_good_for_five_years_and_never_longer_than_the_physical_one),
        world_test(without_an_enabled_physical_card_none_is_issued),
        world_test(none_is_issued_by_a_register_that_is_old),
        world_test(qr_12_the_number_of_a_replaced_card_never_comes_back),
        world_test(a_card_is_activated_for_paying_once),
        world_test(one_that_cannot_be_used_is_not_activated),
        world_test(it_is_renewed_from_sixty_days_before_and_behind_its_last_day),
        world_test(renewing_reads_the_physical_card_anew),
        world_test(a_closed_card_is_gone_and_another_has_another_number),
        world_test(a_lost_card_is_not_closed),
    };

    return world_run(tests);
}
