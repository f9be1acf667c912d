/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/loss.h"

#include "idp/person/card_mirror.h"
#include "idp/session/restored.h"
#include "idp/session/revocation.h"
#include "tests/card/kit.h"

#define DAY 86400

static void
lose(struct world *w, int n, enum card_loss kind, enum loss_place place)
{
    struct ctx ctx = world_ctx(w);
    const struct loss_report report = { world_person(w, n), kind, place };
    struct card card;

    assert_null(card_lose(&ctx, &report, &card));
    assert_int_equal(card.state, kind == CARD_LOSS_FORMAL ? CARD_REVOKED : card_of(w, n).state);
}

static const struct problem *
release(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    world_feed(w, 0);
    return card_release(&ctx, world_person(w, n), LOSS_ON_PAGE, &card);
}

static void
qr_08_a_card_reported_lost_is_stopped_at_once(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    world_audit_mark(w);
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    assert_int_equal(card_of(w, 0).state, CARD_SUSPENDED);
    assert_audited(w, AUDIT_CARD_LOST, "provisional page");
}

static void
qr_08_what_is_born_of_the_card_ends_with_it_and_nothing_else(void **state)
{
    struct world *w = *state;
    struct session by_card;
    struct session by_code;
    struct session by_password;
    struct session anothers;
    struct stored_grant card_grant;
    struct stored_grant other_grant;
    struct stored_grant anothers_grant;

    world_card(w, 0);
    world_card(w, 1);
    card_proven(w, 0);
    card_proven(w, 1);
    by_card = login_by(w, 0, BY_CARD);
    by_code = login_by(w, 0, "card pwd");
    by_password = login_by(w, 0, "pwd");
    anothers = login_by(w, 1, BY_CARD);
    card_grant = grant_of(w, &by_card);
    other_grant = grant_of(w, &by_password);
    anothers_grant = grant_of(w, &anothers);
    assert_int_equal(level_of(w, &by_card), 3);

    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    assert_int_equal(level_of(w, &by_card), 1);
    assert_int_equal(level_of(w, &by_code), 1);
    assert_false(grant_lives(w, &card_grant));
    assert_true(revocation_has(w->services.revocations, card_grant.grant_id));
    assert_int_equal(level_of(w, &by_password), 2);
    assert_true(grant_lives(w, &other_grant));
    assert_int_equal(level_of(w, &anothers), 3);
    assert_true(grant_lives(w, &anothers_grant));
}

/* A code that was issued before, a refresh that comes a moment later. */
static void
qr_08_nothing_more_comes_of_a_login_by_a_lost_card(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct approval approval;
    struct session session;
    bool carries;

    world_card(w, 0);
    card_proven(w, 0);
    session = login_by(w, 0, BY_CARD);
    approval = approval_of_session(&session.row);
    assert_int_equal(session_carries(&ctx, &approval, &carries), OK);
    assert_true(carries);

    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    assert_int_equal(session_carries(&ctx, &approval, &carries), OK);
    assert_false(carries);
    assert_null(release(w, 0)); /* found again: the login has fallen, and stays so */
    assert_int_equal(session_carries(&ctx, &approval, &carries), OK);
    assert_false(carries);
}

static void
a_provisional_loss_lapses_after_the_days_of_its_region(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    w->settings.card.loss_days = "440000:5 *:15";
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_BY_TELEPHONE);
    world_advance(w, 5 * DAY - 1);
    assert_int_equal(card_of(w, 0).state, CARD_SUSPENDED);
    world_advance(w, 1);
    assert_int_equal(card_of(w, 0).state, CARD_ACTIVE);
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_BY_TELEPHONE); /* lost once more */
    assert_int_equal(card_of(w, 0).state, CARD_SUSPENDED);
}

static void
told_twice_it_does_not_last_longer(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    w->settings.card.loss_days = "*:5";
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_BY_TELEPHONE);
    world_advance(w, 3 * DAY);
    world_audit_mark(w);
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    assert_int_equal(world_audit_count(w, AUDIT_CARD_LOST), 0);
    world_advance(w, 2 * DAY);
    assert_int_equal(card_of(w, 0).state, CARD_ACTIVE);
}

static void
qr_10_a_formal_report_on_day_three_outlasts_the_provisional_one(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    w->settings.card.loss_days = "*:7";
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_BY_TELEPHONE);
    world_advance(w, 3 * DAY);
    world_audit_mark(w);
    lose(w, 0, CARD_LOSS_FORMAL, LOSS_AT_COUNTER);
    assert_audited(w, AUDIT_CARD_LOST, "formal counter");
    world_advance(w, 5 * DAY);
    assert_int_equal(card_of(w, 0).state, CARD_REVOKED);
    lose(w, 0, CARD_LOSS_FORMAL, LOSS_AT_COUNTER);
    world_audit_mark(w);
    assert_ptr_equal(release(w, 0), &problem_ecard_release_final);
    assert_audited(w, AUDIT_CARD_RELEASE_REFUSED, "formal");
    world_advance(w, 365 * (int64_t)DAY);
    assert_int_equal(card_of(w, 0).state, CARD_REVOKED);
}

/* Not even a provisional report takes the place of a formal one. */
static void
qr_10_a_provisional_report_changes_nothing_of_a_formal_one(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card;

    world_card(w, 0);
    lose(w, 0, CARD_LOSS_FORMAL, LOSS_AT_COUNTER);
    assert_null(card_lose(
        &ctx, &(struct loss_report) { world_person(w, 0), CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE },
        &card));
    assert_int_equal(card.row.loss, CARD_LOSS_FORMAL);
}

static void
who_has_found_it_lifts_a_provisional_loss_and_presses_twice(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    world_audit_mark(w);
    assert_null(release(w, 0));
    assert_null(release(w, 0));
    assert_audited(w, AUDIT_CARD_RELEASED, "page");
    assert_int_equal(card_of(w, 0).state, CARD_ACTIVE);
}

/* The office has made her another one, which waits to be enabled. */
static void
another_card_is_ordered(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct card card = card_of(w, n);
    struct stored_physical_card other = card.physical;

    other.card_key = physical_card_key(&ctx, WORLD_REGION, "B90000001");
    other.state = PHYSICAL_NOT_ENABLED;
    other.position = 1000;
    world_must(physical_number_seal(&ctx, &other.card_key, "B90000001", &other.number_sealed),
               "no seal");
    world_must(store_begin(w->store), "no transaction");
    world_must(store_physical_card_put(w->store, w->arena, &other), "no other card");
    world_must(store_commit(w->store), "no commit");
}

static void
qr_11_a_loss_is_not_lifted_once_a_replacement_was_ordered(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    another_card_is_ordered(w, 0);
    world_audit_mark(w);
    assert_ptr_equal(release(w, 0), &problem_ecard_release_replaced);
    assert_audited(w, AUDIT_CARD_RELEASE_REFUSED, "replaced");
    assert_int_equal(problem_ecard_release_replaced.status, 409);
    assert_int_equal(card_of(w, 0).state, CARD_SUSPENDED);

    world_card(w, 1);
    lose(w, 1, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    world_physical_card(w, 1, PHYSICAL_VOID);
    assert_ptr_equal(release(w, 1), &problem_ecard_release_replaced);
    assert_int_equal(card_of(w, 1).state, CARD_REVOKED);
}

static void
a_loss_is_not_lifted_by_a_register_that_is_old(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card;

    world_card(w, 0);
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    world_feed(w, 31);
    assert_ptr_equal(card_release(&ctx, world_person(w, 0), LOSS_ON_PAGE, &card),
                     &problem_card_register_stale);
    assert_int_equal(card_of(w, 0).state, CARD_SUSPENDED);
}

static void
who_has_no_card_loses_none(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_ptr_equal(
        card_lose(&ctx,
                  &(struct loss_report) { world_person(w, 0), CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE },
                  &card),
        &problem_ecard_none);
    assert_ptr_equal(release(w, 0), &problem_ecard_none);
}

static void
qr_19_while_nobody_knows_how_the_physical_card_is_none_is_released(void **state)
{
    struct world *w = *state;
    struct ctx ctx;
    struct card card;

    world_card(w, 0);
    lose(w, 0, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE);
    world_advance(w, 31);
    ctx = world_ctx(w);
    assert_ptr_equal(card_release(&ctx, world_person(w, 0), LOSS_ON_PAGE, &card),
                     &problem_card_register_stale);
    assert_int_equal(card_of(w, 0).state, CARD_SUSPENDED);
    assert_null(release(w, 0));
}

/*
 * The store is put back to before the loss. What the office was told comes back by its feed, and before that nothing is
 * decided; logins of before are over, so no code that they have shown is good.
 */
static void
qr_12_a_restore_of_an_older_backup_revives_no_lost_card(void **state)
{
    struct world *w = *state;
    const char *card_id = world_card(w, 0);
    struct card before = card_of(w, 0);
    struct session session = login_by(w, 0, "pwd");
    struct session found;
    struct ctx ctx;
    struct card card;

    lose(w, 0, CARD_LOSS_FORMAL, LOSS_AT_COUNTER);
    assert_int_equal(store_begin(w->store), OK);
    ctx = world_ctx(w);
    assert_int_equal(card_hold(&ctx, world_person(w, 0), card_id, &card), OK);
    assert_int_equal(store_ecard_change(w->store, &before.row), OK);
    assert_int_equal(store_commit(w->store), OK);
    world_advance(w, 5);
    ctx = world_ctx(w);
    assert_int_equal(restored_begin(&ctx, ctx.now), OK); /* tongxing session revoke-all */

    assert_ptr_equal(card_mirror_fresh(&ctx), &problem_card_register_stale);
    assert_int_equal(session_find(&ctx, session.row.sid, &found), OK);
    assert_false(found.live);
    world_physical_card(w, 0, PHYSICAL_VOID); /* the feed is read anew */
    assert_null(card_mirror_fresh(&ctx));
    assert_int_equal(card_of(w, 0).state, CARD_REVOKED);
    assert_ptr_equal(release(w, 0), NULL);
    assert_int_equal(card_of(w, 0).state, CARD_REVOKED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(qr_19_while_nobody_knows_how_the_physical_card_is_none_is_released),
        world_test(qr_08_a_card_reported_lost_is_stopped_at_once),
        world_test(qr_08_what_is_born_of_the_card_ends_with_it_and_nothing_else),
        world_test(qr_08_nothing_more_comes_of_a_login_by_a_lost_card),
        world_test(a_provisional_loss_lapses_after_the_days_of_its_region),
        world_test(told_twice_it_does_not_last_longer),
        world_test(qr_10_a_formal_report_on_day_three_outlasts_the_provisional_one),
        world_test(qr_10_a_provisional_report_changes_nothing_of_a_formal_one),
        world_test(who_has_found_it_lifts_a_provisional_loss_and_presses_twice),
        world_test(qr_11_a_loss_is_not_lifted_once_a_replacement_was_ordered),
        world_test(a_loss_is_not_lifted_by_a_register_that_is_old),
        world_test(who_has_no_card_loses_none),
        world_test(qr_12_a_restore_of_an_older_backup_revives_no_lost_card),
    };

    return world_run(tests);
}
