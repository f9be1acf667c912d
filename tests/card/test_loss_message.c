/* SPDX-License-Identifier: Apache-2.0 */
/* What the bureau is told of a loss comes back by its feed. */
#include "idp/card/loss_message.h"

#include <string.h>

#include "idp/context/change.h"
#include "idp/server/life/outbox.h"
#include "tests/card/bureau_kit.h"

static enum err
put(struct ctx *ctx, void *state)
{
    struct stored_ecard *card = state;
    enum err err = store_ecard_change(ctx->store, card);

    return err == OK ? loss_message_put(ctx, card) : err;
}

static void
report(struct world *w, struct stored_ecard *card, enum card_loss loss)
{
    struct ctx ctx = world_ctx(w);

    card->loss = loss;
    card->loss_lapses_at = loss == CARD_LOSS_PROVISIONAL ? ctx.now + 7 * 86400 : 0;
    assert_int_equal(change(&ctx, put, card), OK);
}

/* Makes what calls are due. */
static void
deliver(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    while (worked)
        assert_int_equal(outbox_deliver(&ctx, &worked), OK);
}

static int64_t
state_pulled(struct world *w)
{
    pulled_whole(w, NULL);
    return mirrored(w).state;
}

static void
each_loss_and_a_release_are_told_and_come_back(void **state)
{
    struct world *w = *state;
    struct stored_ecard card = bureau_ecard(w);

    pulled_whole(w, NULL);
    report(w, &card, CARD_LOSS_PROVISIONAL);
    deliver(w);
    assert_int_equal(state_pulled(w), PHYSICAL_PROVISIONAL);
    assert_int_equal(mirrored(w).lapses_at, card.loss_lapses_at);
    report(w, &card, CARD_NOT_LOST);
    deliver(w);
    assert_int_equal(state_pulled(w), PHYSICAL_NORMAL);
    report(w, &card, CARD_LOSS_FORMAL);
    deliver(w);
    assert_int_equal(state_pulled(w), PHYSICAL_LOST);
}

static void
a_bureau_that_is_away_is_told_later(void **state)
{
    struct world *w = *state;
    struct stored_ecard card = bureau_ecard(w);

    pulled_whole(w, "loss=down");
    report(w, &card, CARD_LOSS_FORMAL);
    deliver(w);
    assert_int_equal(state_pulled(w), PHYSICAL_NORMAL);
    world_card_control(w, "loss=ok");
    world_advance(w, 2);
    deliver(w);
    assert_int_equal(state_pulled(w), PHYSICAL_LOST);
}

static void
a_message_that_was_overtaken_by_another_is_not_told_any_more(void **state)
{
    struct world *w = *state;
    struct stored_ecard card = bureau_ecard(w);

    pulled_whole(w, "loss=later");
    report(w, &card, CARD_LOSS_PROVISIONAL);
    deliver(w);
    world_card_control(w, "loss=ok");
    report(w, &card, CARD_NOT_LOST);
    deliver(w);
    world_advance(w, 5);
    deliver(w);
    assert_int_equal(state_pulled(w), PHYSICAL_NORMAL);
}

static void
what_it_never_takes_is_given_up_and_told_the_trail(void **state)
{
    struct world *w = *state;
    struct stored_ecard card = bureau_ecard(w);

    pulled_whole(w, "loss=refused");
    world_audit_mark(w);
    report(w, &card, CARD_LOSS_FORMAL);
    for (int i = 0; i < 12; i++) {
        deliver(w);
        world_advance(w, 7200);
    }
    world_card_control(w, "loss=ok");
    assert_audited(w, AUDIT_CARD_LOSS_UNTOLD, "refused");
    deliver(w);
    assert_int_equal(state_pulled(w), PHYSICAL_NORMAL);
}

static void
without_a_bureau_nothing_is_put_and_its_payload_says_nothing_in_clear(void **state)
{
    struct world *w = *state;
    struct stored_ecard card = bureau_ecard(w);
    const struct delivery_claim claim = { OUTBOX_CARD_LOSS, w->now, 30, 8 };
    struct delivery_list due;
    const char *url = w->settings.card_bureau.url;

    w->settings.card_bureau.url = "";
    report(w, &card, CARD_LOSS_FORMAL);
    assert_int_equal(store_delivery_claim(w->store, w->arena, &claim, &due), OK);
    assert_int_equal(due.count, 0);
    w->settings.card_bureau.url = url;
    report(w, &card, CARD_LOSS_FORMAL);
    assert_int_equal(store_delivery_claim(w->store, w->arena, &claim, &due), OK);
    assert_int_equal(due.count, 1);
    assert_null(strstr(due.at[0].payload, CARD));
}

/* The store as it was before the loss: nothing of it is left here, and the mirror is as old as the rest. */
static void
restore(struct world *w, const struct stored_ecard *card)
{
    static const char no_feed[] = "DELETE FROM feed";
    static const char no_cards[] = "DELETE FROM physical_card";
    struct stored_ecard before = *card;

    before.loss = CARD_NOT_LOST;
    before.loss_lapses_at = 0;
    assert_int_equal(store_ecard_change(w->store, &before), OK);
    assert_int_equal(store_run(w->store, &(struct query) { .sql = no_feed }), OK);
    assert_int_equal(store_run(w->store, &(struct query) { .sql = no_cards }), OK);
}

static void
a_restore_does_not_revive_a_card_whose_loss_the_bureau_was_told(void **state)
{
    struct world *w = *state;
    struct stored_ecard card = bureau_ecard(w);
    struct ctx ctx;
    struct card now;

    pulled_whole(w, NULL);
    report(w, &card, CARD_LOSS_FORMAL);
    deliver(w);
    restore(w, &card);
    world_advance(w, 1);
    not_before_raise(&w->services, w->now);
    ctx = world_ctx(w);
    assert_ptr_equal(card_mirror_fresh(&ctx), &problem_card_register_stale);
    pulled_whole(w, NULL);
    assert_null(card_mirror_fresh(&ctx));
    assert_int_equal(card_find(&ctx, card.person_id, &now), OK);
    assert_int_equal(now.row.loss, CARD_NOT_LOST);
    assert_int_equal(now.state, CARD_SUSPENDED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        bureau_test(each_loss_and_a_release_are_told_and_come_back),
        bureau_test(a_bureau_that_is_away_is_told_later),
        bureau_test(a_restore_does_not_revive_a_card_whose_loss_the_bureau_was_told),
        bureau_test(a_message_that_was_overtaken_by_another_is_not_told_any_more),
        bureau_test(what_it_never_takes_is_given_up_and_told_the_trail),
        bureau_test(without_a_bureau_nothing_is_put_and_its_payload_says_nothing_in_clear),
    };

    return world_sims_run(tests);
}
