/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/present_kit.h"

static void
a_citizen_who_shows_her_paper_is_of_the_third_level(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/proof");
    struct standing standing;

    assert_true(present_shows(w, "proof-form"));
    assert_non_null(strstr(w->answer.body, "张*"));
    assert_null(strstr(w->answer.body, ZHANG_NUMBER)); /* she reads it from the paper */
    world_audit_mark(w);
    journey_post(&j, "/staff/proof", PAPER_OF_ZHANG "&chip=yes");
    assert_int_equal(w->answer.status, 200);
    standing = present_standing(w, world_person(w, 0));
    assert_int_equal(standing.level, 3);
    assert_int_equal(standing.kind, EVIDENCE_COUNTER);
    assert_true(text_starts(standing.reference, world_counter(w, 1)));
    assert_string_equal(standing.detail, "idcard original photo chip");
    assert_audited(w, AUDIT_STAFF_PROVED, "idcard original photo chip");
    assert_int_equal(world_rows_of(w, "staff_act"), 2); /* found, proved */
}

static void
pressed_twice_it_is_recorded_once(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/proof");
    struct journey before = j;
    int64_t rows = world_rows_of(w, "evidence");

    journey_post(&j, "/staff/proof", PAPER_OF_ZHANG);
    journey_post(&before, "/staff/proof", PAPER_OF_ZHANG);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_rows_of(w, "evidence"), rows + 1);
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_PROVED), 1);
}

static void
the_paper_must_be_of_her_number(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/proof");

    journey_post(&j, "/staff/proof", "paper=idcard&number=440106196204150020&" LOOKS);
    assert_refused(w, &problem_proof_number);
    assert_audited(w, AUDIT_STAFF_PROOF_REFUSED, "number");
    assert_int_equal(present_standing(w, world_person(w, 0)).level, 2);
}

static void
the_paper_must_fit_and_have_been_looked_at(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/proof");

    journey_post(&j, "/staff/proof", "paper=household_register&number=" ZHANG_NUMBER "&" LOOKS);
    assert_refused(w, &problem_paper_unfit);
    journey_arrive(&j);
    journey_post(&j, "/staff/proof", "paper=idcard&number=" ZHANG_NUMBER "&original=yes");
    assert_refused(w, &problem_paper_unchecked);
    assert_true(present_shows(w, "looks-problem"));
    journey_arrive(&j);
    journey_post(&j, "/staff/proof", "paper=idcard&number=1&" LOOKS);
    assert_refused(w, &problem_identity_number_invalid);
    assert_int_equal(present_standing(w, world_person(w, 0)).level, 2);
}

static void
st_10_nobody_proves_herself_to_herself(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/proof");

    present_is_number(w, "li", ZHANG_NUMBER);
    world_audit_mark(w);
    journey_post(&j, "/staff/proof", PAPER_OF_ZHANG);
    assert_refused(w, &problem_staff_self);
    assert_int_equal(present_standing(w, world_person(w, 0)).level, 2);
    present_turn(&j, "/staff/proof");
    assert_refused(w, &problem_staff_self);
}

static void
another_sitting_does_nothing_by_the_form_of_this_one(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/proof");

    world_advance(w, 1);
    world_sit(w, "wang", "counter", 1);
    journey_post(&j, "/staff/proof", PAPER_OF_ZHANG);
    assert_int_equal(present_standing(w, world_person(w, 0)).level, 2);
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_PROVED), 0);
}

static void
a_telephone_agent_sees_nobody(void **state)
{
    struct world *w = *state;

    world_sit(w, "zhao", "telephone", 1);
    world_get(w, "/staff/proof");
    assert_refused(w, &problem_staff_denied);
    assert_audited(w, AUDIT_STAFF_DENIED, "prove");
}

static void
a_stopped_account_is_not_proven(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/proof");

    world_must(store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, w->now),
               "no state");
    journey_post(&j, "/staff/proof", PAPER_OF_ZHANG);
    assert_refused(w, &problem_account_stopped);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_citizen_who_shows_her_paper_is_of_the_third_level),
        world_test(pressed_twice_it_is_recorded_once),
        world_test(the_paper_must_be_of_her_number),
        world_test(the_paper_must_fit_and_have_been_looked_at),
        world_test(st_10_nobody_proves_herself_to_herself),
        world_test(another_sitting_does_nothing_by_the_form_of_this_one),
        world_test(a_telephone_agent_sees_nobody),
        world_test(a_stopped_account_is_not_proven),
    };

    return world_run(tests);
}
