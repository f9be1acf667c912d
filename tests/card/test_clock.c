/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of card codes between process, store and other nodes: attacks QR-20. */
#include "tests/world.h"

#include "idp/card/clock.h"
#include "idp/card/code.h"

#define CARD "c_0123456789abcdefghijkA"
#define SID "s_ABCDEFGHIJKLMNOPQRSTUA"

static const char *
shown_now(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    const char *code = NULL;

    assert_int_equal(
        card_code_issue(&ctx, &(struct card_code_order) { CARD, SID, CARD_PURPOSE_show }, &code),
        OK);
    return arena_text(w->arena, code);
}

static enum err
judged(struct world *w, const char *text)
{
    struct ctx ctx = world_ctx(w);
    struct card_code code;

    return card_code_open(&ctx, text, &code);
}

static void
qr_20_a_clock_set_back_revives_no_code(void **state)
{
    struct world *w = *state;
    const char *text = shown_now(w);

    world_advance(w, 61);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
    world_advance(w, -40);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
    world_advance(w, -260);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
}

static void
process_starts_anew(struct world *w)
{
    w->services.card_time = (struct card_time) { .known = false };
}

static void
qr_20_nor_does_a_restart_after_it(void **state)
{
    struct world *w = *state;
    const char *text = shown_now(w);

    world_advance(w, 61);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
    process_starts_anew(w);
    world_advance(w, -50);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
    world_advance(w, 30);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
    assert_int_equal(judged(w, shown_now(w)), OK);
}

static void
a_restart_by_a_right_clock_leaves_codes_good(void **state)
{
    struct world *w = *state;
    const char *text = shown_now(w);

    world_advance(w, 5);
    process_starts_anew(w);
    assert_int_equal(judged(w, text), OK);
    assert_int_equal(judged(w, shown_now(w)), OK);
}

static void
a_clock_half_a_minute_behind_issues_nothing(void **state)
{
    struct world *w = *state;
    const char *code = NULL;
    struct ctx ctx;

    shown_now(w);
    world_advance(w, -30);
    shown_now(w);
    world_advance(w, -1);
    ctx = world_ctx(w);
    assert_int_equal(
        card_code_issue(&ctx, &(struct card_code_order) { CARD, SID, CARD_PURPOSE_show }, &code),
        ERR_EXPIRED);
    assert_null(code);
}

static void
qr_20_after_a_year_ahead_and_back_an_operator_begins_anew_and_old_codes_stay_dead(void **state)
{
    struct world *w = *state;
    const char *of_now = shown_now(w);
    const char *of_next_year;
    struct ctx ctx;

    world_advance(w, 365 * 86400);
    of_next_year = shown_now(w);
    world_advance(w, -365 * 86400 + 5);
    assert_int_equal(judged(w, of_now), ERR_EXPIRED);
    ctx = world_ctx(w);
    world_audit_mark(w);
    assert_int_equal(card_clock_begin_anew(&ctx), OK);
    assert_audited(w, AUDIT_CARD_CLOCK, "anew");
    assert_int_equal(judged(w, shown_now(w)), OK);
    for (int i = 0; i < 2; i++) {
        struct card_code code;

        ctx = world_ctx(w);
        assert_int_equal(card_code_read(&ctx, i == 0 ? of_now : of_next_year, &code), OK);
        assert_string_not_equal(code.card_id, CARD); /* nobody's: it is found in no table */
        assert_string_not_equal(code.sid, SID);
    }
}

static void
another_node_hears_of_it_and_of_a_clock_that_is_further(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *text = shown_now(w);
    struct epochs epochs;

    w->settings.card_bureau.url = "http://127.0.0.1:1/";
    assert_int_equal(store_epoch_raise(w->store, "card_time", WORLD_NOW + 200), OK);
    assert_int_equal(store_epoch_read(w->store, &epochs), OK);
    assert_int_equal(card_clock_watch(&ctx, &epochs), OK);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
    assert_int_equal(store_epoch_set(w->store, "card_time", WORLD_NOW), OK);
    epochs.card_time = WORLD_NOW;
    epochs.card_epoch++;
    assert_int_equal(card_clock_watch(&ctx, &epochs), OK);
    assert_int_equal(card_clock_epoch(&ctx), 1);
    assert_int_equal(judged(w, shown_now(w)), OK);
}

static void
a_code_of_before_a_restore_is_dead(void **state)
{
    struct world *w = *state;
    const char *text = shown_now(w);

    world_advance(w, 1);
    not_before_raise(&w->services, WORLD_NOW + 1);
    assert_int_equal(judged(w, text), ERR_EXPIRED);
    assert_int_equal(judged(w, shown_now(w)), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(qr_20_a_clock_set_back_revives_no_code),
        world_test(qr_20_nor_does_a_restart_after_it),
        world_test(a_restart_by_a_right_clock_leaves_codes_good),
        world_test(a_clock_half_a_minute_behind_issues_nothing),
        world_test(
            qr_20_after_a_year_ahead_and_back_an_operator_begins_anew_and_old_codes_stay_dead),
        world_test(another_node_hears_of_it_and_of_a_clock_that_is_further),
        world_test(a_code_of_before_a_restore_is_dead),
    };

    return world_run(tests);
}
