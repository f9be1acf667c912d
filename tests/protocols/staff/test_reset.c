/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/reset_link.h"
#include "tests/protocols/staff/reset_kit.h"

static void
st_14_a_link_goes_to_her_own_telephone_and_she_chooses(void **state)
{
    struct world *w = *state;
    struct journey j = reset_page(w);

    world_audit_mark(w);
    journey_post(&j, "/staff/reset", "");
    assert_true(present_shows(w, "reset-sent"));
    assert_audited(w, AUDIT_STAFF_RESET, NULL);
    present_messages_deliver(w);
    assert_string_equal(world_sms_says(w, "13800138000", "template_code"), "SMS_RESET");
    assert_null(strstr(w->answer.body, world_sms_says(w, "13800138000", "link")));
    j = reset_open(w);
    journey_post(&j, "/account/reset", NEW_PASSWORDS);
    assert_true(present_shows(w, "reset-done"));
    assert_true(reset_works(w, NEW_PASSWORD));
    assert_false(reset_works(w, WORLD_PASSWORD));
}

static void
st_14_no_page_of_staff_takes_or_shows_a_secret(void **state)
{
    struct world *w = *state;
    struct journey j = reset_page(w);

    journey_post(&j, "/staff/reset", "password=a+password+of+staff&link=mine");
    present_messages_deliver(w);
    assert_true(reset_works(w, WORLD_PASSWORD));
    assert_null(strstr(w->answer.body, "type=\"password\""));
}

static void
pressed_twice_one_link_is_sent(void **state)
{
    struct world *w = *state;
    struct journey j = reset_page(w);
    struct journey before = j;

    journey_post(&j, "/staff/reset", "");
    journey_post(&before, "/staff/reset", "");
    assert_true(present_shows(w, "reset-sent"));
    assert_int_equal(world_rows_of(w, "pending"), 1);
}

static void
links_count_among_the_messages_to_a_number(void **state)
{
    struct world *w = *state;
    struct journey j = reset_page(w);

    journey_post(&j, "/staff/reset", "");
    present_turn(&j, "/staff/reset");
    journey_post(&j, "/staff/reset", "");
    assert_int_equal(w->answer.status, problem_sms_too_soon.status);
}

static void
her_paper_comes_first(void **state)
{
    struct world *w = *state;
    struct journey j;

    w->settings.sms.template_code_reset = "SMS_RESET";
    j = present_at(w, 0, "/staff/reset");
    assert_true(present_shows(w, "proof-link"));
    journey_post(&j, "/staff/reset", "");
    assert_refused(w, &problem_proof_needed);
    assert_int_equal(world_rows_of(w, "pending"), 0);
}

static void
where_no_such_messages_are_sent_it_is_not_offered(void **state)
{
    struct world *w = *state;
    struct journey j = present_proven(w, "/staff/reset");

    assert_true(present_shows(w, "reset-closed"));
    journey_post(&j, "/staff/reset", "");
    assert_refused(w, &problem_reset_closed);
}

static enum err
phone_drop(struct ctx *ctx, void *state)
{
    return person_drop_phone(ctx, state);
}

static void
who_has_no_number_is_sent_nothing(void **state)
{
    struct world *w = *state;
    struct journey j = reset_page(w);
    struct ctx ctx = world_ctx(w);
    struct person person;

    assert_int_equal(person_load(&ctx, world_person(w, 0), &person), OK);
    assert_int_equal(change(&ctx, phone_drop, &person), OK);
    journey_post(&j, "/staff/reset", "");
    assert_refused(w, &problem_reset_no_phone);
    present_turn(&j, "/staff/reset");
    assert_true(present_shows(w, "reset-no-phone"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(st_14_a_link_goes_to_her_own_telephone_and_she_chooses),
        world_sims_test(st_14_no_page_of_staff_takes_or_shows_a_secret),
        world_sims_test(pressed_twice_one_link_is_sent),
        world_sims_test(links_count_among_the_messages_to_a_number),
        world_sims_test(her_paper_comes_first),
        world_sims_test(where_no_such_messages_are_sent_it_is_not_offered),
        world_sims_test(who_has_no_number_is_sent_nothing),
    };

    return world_sims_run(tests);
}
