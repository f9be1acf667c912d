/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/survival.h"
#include "policies/staff_rules.h"
#include "tests/protocols/staff/present_kit.h"

static void
who_is_there_is_confirmed_for_a_year(void **state)
{
    struct world *w = *state;
    struct journey j = present_proven(w, "/staff/survival");
    struct stored_survival last;

    assert_true(present_shows(w, "survival-none"));
    world_audit_mark(w);
    journey_post(&j, "/staff/survival", "");
    assert_true(present_shows(w, "survival-last"));
    assert_non_null(strstr(w->answer.body, "2027-01-31"));
    assert_audited(w, AUDIT_SURVIVAL_CONFIRMED, "counter");
    assert_int_equal(store_survival_last(w->store, w->arena, world_person(w, 0), &last), OK);
    assert_string_equal(last.staff_id, "li");
    assert_string_equal(last.counter_id, world_counter(w, 1));
    assert_int_equal(last.how, SURVIVAL_AT_COUNTER);
}

static void
pressed_twice_it_is_confirmed_once(void **state)
{
    struct world *w = *state;
    struct journey j = present_proven(w, "/staff/survival");
    struct journey before = j;

    journey_post(&j, "/staff/survival", "");
    journey_post(&before, "/staff/survival", "");
    assert_true(present_shows(w, "survival-last"));
    assert_int_equal(world_rows_of(w, "survival"), 1);
}

static void
her_paper_comes_first_and_is_good_for_a_quarter_of_an_hour(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/survival");

    assert_true(present_shows(w, "proof-link"));
    assert_false(present_shows(w, "survival-form"));
    journey_post(&j, "/staff/survival", "");
    assert_refused(w, &problem_proof_needed);
    present_turn(&j, "/staff/proof");
    journey_post(&j, "/staff/proof", PAPER_OF_ZHANG);
    present_turn(&j, "/staff/survival");
    assert_true(present_shows(w, "survival-form"));
    world_advance(w, STAFF_PROOF_S - 300);
    present_turn(&j, "/staff/survival");
    world_advance(w, 300);
    present_turn(&j, "/staff/survival");
    assert_true(present_shows(w, "proof-link"));
    assert_int_equal(world_rows_of(w, "survival"), 0);
}

static void
who_has_died_is_not_confirmed(void **state)
{
    struct world *w = *state;
    struct journey j = present_proven(w, "/staff/survival");

    world_must(store_person_set_state(w->store, world_person(w, 0), PERSON_DECEASED, w->now),
               "no state");
    journey_post(&j, "/staff/survival", "");
    assert_refused(w, &problem_account_stopped);
    assert_int_equal(world_rows_of(w, "survival"), 0);
}

static void
she_sees_it_on_her_own_page(void **state)
{
    struct world *w = *state;
    struct journey j = present_proven(w, "/staff/survival");

    journey_post(&j, "/staff/survival", "");
    world_log_in(w, 0);
    world_get(w, "/");
    assert_non_null(strstr(w->answer.body, "2027-01-31"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_is_there_is_confirmed_for_a_year),
        world_test(pressed_twice_it_is_confirmed_once),
        world_test(her_paper_comes_first_and_is_good_for_a_quarter_of_an_hour),
        world_test(who_has_died_is_not_confirmed),
        world_test(she_sees_it_on_her_own_page),
    };

    return world_run(tests);
}
