/* SPDX-License-Identifier: Apache-2.0 */
/* A card reported lost by a link of a message, without a login. */
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
qr_08_a_link_of_a_message_stops_the_card_with_one_press(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_lost_confirm(w);

    assert_string_equal(world_sms_says(w, "13800138000", "template_code"), "SMS_LOST");
    assert_true(shows(w, "lost-submit"));
    assert_int_equal(state_now(w), CARD_ACTIVE); /* opening it does nothing */
    world_audit_mark(w);
    journey_post(&j, "/card/lost/confirm", "");
    assert_int_equal(state_now(w), CARD_SUSPENDED);
    assert_true(shows(w, "lost-done"));
    assert_audited(w, AUDIT_CARD_LOST, "provisional message");
}

static void
a_number_without_a_card_is_answered_alike_and_gets_nothing(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_lost(w);
    size_t before = world_sms_count(w, "13800138001");
    const char *told;

    journey_post(&j, "/card/lost", "phone=13800138000");
    told = arena_text(w->arena, strstr(w->answer.body, "id=\"lost-sent\""));
    assert_true(shows(w, "lost-sent"));
    world_person(w, 1); /* has an account, and no card */
    world_open(w, "/card/lost");
    journey_arrive(&j);
    journey_post(&j, "/card/lost", "phone=13800138001");
    assert_true(shows(w, "lost-sent"));
    assert_memory_equal(told, strstr(w->answer.body, "id=\"lost-sent\""), 40);
    card_messages_deliver(w);
    assert_int_equal(world_sms_count(w, "13800138001"), before);
}

static void
links_count_among_the_messages_to_a_number(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_lost(w);

    journey_post(&j, "/card/lost", "phone=13800138000");
    world_open(w, "/card/lost");
    journey_arrive(&j);
    journey_post(&j, "/card/lost", "phone=13800138000");
    assert_int_equal(w->answer.status, problem_sms_too_soon.status);
}

static void
a_link_is_over_after_ten_minutes_and_an_unknown_one_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_lost_confirm(w);
    const char *link = world_sms_says(w, "13800138000", "link");

    world_get(w, "/card/lost/confirm?l=AAAAAAAAAAAAAAAAAAAAAA");
    assert_refused(w, &problem_ecard_link_over);
    world_advance(w, 601);
    world_get(w, arena_printf(w->arena, "/card/lost/confirm?l=%s", link));
    assert_refused(w, &problem_ecard_link_over);
    journey_post(&j, "/card/lost/confirm", "");
    assert_refused(w, &problem_ecard_link_over);
    assert_int_equal(state_now(w), CARD_ACTIVE);
}

/* She has found it and lifted the report: the old link does not stop it again. */
static void
a_link_works_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_lost_confirm(w);
    struct ctx ctx = world_ctx(w);
    struct card card;

    journey_post(&j, "/card/lost/confirm", "");
    assert_null(card_release(&ctx, world_person(w, 0), LOSS_ON_PAGE, &card));
    journey_post(&j, "/card/lost/confirm", "");
    assert_true(shows(w, "lost-done"));
    assert_int_equal(state_now(w), CARD_ACTIVE);
}

static void
where_no_such_messages_are_sent_it_is_not_offered(void **state)
{
    struct world *w = *state;

    world_get(w, "/card/lost");
    assert_refused(w, &problem_ecard_link_closed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(qr_08_a_link_of_a_message_stops_the_card_with_one_press),
        world_sims_test(a_number_without_a_card_is_answered_alike_and_gets_nothing),
        world_sims_test(links_count_among_the_messages_to_a_number),
        world_sims_test(a_link_is_over_after_ten_minutes_and_an_unknown_one_at_once),
        world_sims_test(a_link_works_once),
        world_sims_test(where_no_such_messages_are_sent_it_is_not_offered),
    };

    return world_sims_run(tests);
}
