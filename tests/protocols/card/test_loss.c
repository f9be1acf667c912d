/* SPDX-License-Identifier: Apache-2.0 */
/* The page where she reports her card lost, and says that it is found. */
#include "tests/flows/form_card_kit.h"

static enum card_effective
state_now(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), OK);
    return card.state;
}

static bool
shows(struct world *w, const char *id)
{
    return strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\"", id)) != NULL;
}

static void
qr_08_one_press_stops_the_card(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_loss(w);

    assert_true(shows(w, "loss-submit"));
    assert_false(shows(w, "loss-provisional"));
    assert_non_null(strstr(w->answer.body, "15"));
    world_audit_mark(w);
    journey_post(&j, "/card/loss", "decision=lost");
    assert_int_equal(state_now(w), CARD_SUSPENDED);
    assert_true(shows(w, "loss-provisional"));
    assert_audited(w, AUDIT_CARD_LOST, "provisional page");
}

static void
it_is_found_with_the_card_password(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_release(w);

    journey_post(&j, "/card/loss", "decision=release&card_password=" ANOTHER_CARD_PASSWORD);
    assert_true(shows(w, "card_password-problem"));
    assert_int_equal(state_now(w), CARD_SUSPENDED);
    journey_post(&j, "/card/loss", "decision=release&card_password=" HER_CARD_PASSWORD);
    assert_int_equal(state_now(w), CARD_ACTIVE);
    assert_true(shows(w, "loss-submit"));
}

static void
without_a_card_password_it_is_not_lifted_here(void **state)
{
    struct world *w = *state;
    struct journey j;

    card_ready(w, 0);
    card_lost_ready(w, 0, CARD_LOSS_PROVISIONAL);
    j = card_page_of(w, 0, "/card/loss");
    journey_post(&j, "/card/loss", "decision=release&card_password=" HER_CARD_PASSWORD);
    assert_true(shows(w, "card_password-problem"));
    assert_int_equal(state_now(w), CARD_SUSPENDED);
}

static void
five_wrong_passwords_lock_it_here_too(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_release(w);

    for (int i = 0; i < 5; i++)
        journey_post(&j, "/card/loss", "decision=release&card_password=" ANOTHER_CARD_PASSWORD);
    journey_post(&j, "/card/loss", "decision=release&card_password=" HER_CARD_PASSWORD);
    assert_int_equal(w->answer.status, problem_card_password_locked.status);
    assert_int_equal(state_now(w), CARD_SUSPENDED);
}

static void
qr_10_a_formal_loss_has_no_form_that_lifts_it(void **state)
{
    struct world *w = *state;
    struct journey j;

    card_ready(w, 0);
    card_password_ready(w, 0);
    card_lost_ready(w, 0, CARD_LOSS_FORMAL);
    j = card_page_of(w, 0, "/card/loss");
    assert_true(shows(w, "loss-formal"));
    assert_false(shows(w, "release-submit"));
    journey_post(&j, "/card/loss", "decision=release&card_password=" HER_CARD_PASSWORD);
    assert_int_equal(state_now(w), CARD_REVOKED);
}

/* One factor is not enough; she is asked to log in again. */
static void
a_lower_login_is_sent_to_log_in_again(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };
    struct session session = { .live = false };
    struct ctx ctx;
    const char *cookie;

    card_ready(w, 0);
    card_password_ready(w, 0);
    card_lost_ready(w, 0, CARD_LOSS_PROVISIONAL);
    ctx = world_ctx(w);
    ctx.channel = "message";
    assert_int_equal(
        session_begin(&ctx, &session,
                      &(struct proof) { .person_id = world_person(w, 0), .amr = "wechat" },
                      &session, &cookie),
        OK);
    world_cookie_put(w, "__Host-session", cookie);
    world_open(w, "/card/loss");
    journey_arrive(&j);
    assert_true(shows(w, "card-release-form"));
    world_form_post(w, "/card/loss", "tx=%s&csrf=%s&decision=release", j.tx, j.csrf);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
    assert_int_equal(state_now(w), CARD_SUSPENDED);
}

static void
who_is_not_logged_in_logs_in_first_and_who_has_no_card_is_told(void **state)
{
    struct world *w = *state;

    world_open(w, "/card/loss");
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
    (void)card_page_of(w, 0, "/card/loss");
    assert_refused(w, &problem_ecard_none);
}

static void
what_is_stopped_by_its_office_says_so(void **state)
{
    struct world *w = *state;

    card_ready(w, 0);
    world_physical_card(w, 0, PHYSICAL_LOCKED);
    (void)card_page_of(w, 0, "/card/loss");
    assert_true(shows(w, "loss-stopped"));
    assert_true(shows(w, "loss-submit")); /* it may be lost as well */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(qr_08_one_press_stops_the_card),
        world_test(it_is_found_with_the_card_password),
        world_test(without_a_card_password_it_is_not_lifted_here),
        world_test(five_wrong_passwords_lock_it_here_too),
        world_test(qr_10_a_formal_loss_has_no_form_that_lifts_it),
        world_test(a_lower_login_is_sent_to_log_in_again),
        world_test(who_is_not_logged_in_logs_in_first_and_who_has_no_card_is_told),
        world_test(what_is_stopped_by_its_office_says_so),
    };

    return world_run(tests);
}
