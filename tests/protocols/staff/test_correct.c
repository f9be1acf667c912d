/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/family.h"
#include "idp/person/card.h"
#include "tests/protocols/staff/present_kit.h"

#define RIGHT_NUMBER "110105194912300016"
#define NAME_OF                                                                                    \
    "kind=name&name=张叁&paper=idcard&number=" ZHANG_NUMBER "&" LOOKS "&reason=ticket+12"
#define NUMBER_OF "kind=number&paper=idcard&number=" RIGHT_NUMBER "&" LOOKS "&reason=ticket+12"

/* Another browser, of counter 2, where "wang" approves what waits. */
static void
approve(struct world *w)
{
    struct journey j = { .w = w };
    const char *counter = arena_text(w->arena, world_cookie(w, "__Host-counter"));
    const char *staff = arena_text(w->arena, world_cookie(w, "__Host-staff"));
    const char *open;

    world_sit(w, "wang", "counter", 2);
    world_open(w, "/staff/approvals");
    journey_arrive(&j);
    open = strstr(w->answer.body, "value=\"sp_");
    assert_non_null(open);
    journey_post(&j, "/staff/approvals",
                 arena_printf(w->arena, "proposal=%.25s", open + sizeof("value=\"") - 1));
    journey_post(&j, "/staff/approvals/one", "decision=approve");
    assert_true(present_shows(w, "proposal-approved"));
    world_cookie_put(w, "__Host-counter", counter);
    world_cookie_put(w, "__Host-staff", staff);
}

static struct person
person_now(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct person person;

    assert_int_equal(person_load(&ctx, world_person(w, n), &person), OK);
    return person;
}

/* Proposed and approved; the proposer looks at the page. */
static struct journey
approved(struct world *w, const char *fields)
{
    struct journey j = present_at(w, 0, "/staff/correct");

    journey_post(&j, "/staff/correct", fields);
    approve(w);
    present_turn(&j, "/staff/correct");
    return j;
}

static void
two_people_correct_a_name(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/correct");

    journey_post(&j, "/staff/correct", NAME_OF);
    assert_true(present_shows(w, "proposal-name"));
    assert_false(present_shows(w, "carry-name"));
    assert_string_equal(person_now(w, 0).name, "张三");
    approve(w);
    present_turn(&j, "/staff/correct");
    assert_true(present_shows(w, "carry-name"));
    world_audit_mark(w);
    world_advance(w, 1);
    journey_post(&j, "/staff/correct", "carry=name");
    assert_true(present_shows(w, "correct-done"));
    assert_string_equal(person_now(w, 0).name, "张叁");
    assert_audited(w, AUDIT_PERSON_CORRECTED, NULL);
    assert_int_equal(present_standing(w, world_person(w, 0)).kind, EVIDENCE_COUNTER);
}

static void
nobody_corrects_alone_and_nothing_twice(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/correct");
    struct journey before;

    journey_post(&j, "/staff/correct", NAME_OF);
    journey_post(&j, "/staff/correct", "carry=name");
    assert_refused(w, &problem_proposal_over);
    assert_string_equal(person_now(w, 0).name, "张三");
    approve(w);
    present_turn(&j, "/staff/correct");
    before = j;
    journey_post(&j, "/staff/correct", "carry=name");
    journey_post(&before, "/staff/correct", "carry=name"); /* pressed twice */
    assert_true(present_shows(w, "correct-done"));
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_CORRECTED), 1);
    present_turn(&j, "/staff/correct");
    journey_post(&j, "/staff/correct", "carry=name");
    assert_refused(w, &problem_proposal_over);
}

static void
another_number_ends_her_logins_and_her_card_and_keeps_her_consents(void **state)
{
    struct world *w = *state;
    struct journey j;
    struct ctx ctx;
    struct card card;
    const char *found;

    world_feed(w, 0);
    world_person(w, 0);
    world_card(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_log_in(w, 0);
    j = approved(w, NUMBER_OF);
    assert_true(present_shows(w, "carry-number"));
    world_advance(w, 1);
    journey_post(&j, "/staff/correct", "carry=number");
    assert_true(present_shows(w, "correct-done"));
    ctx = world_ctx(w);
    assert_string_equal(person_now(w, 0).identity_number, RIGHT_NUMBER);
    assert_int_equal(person_find_by_identity(&ctx, ZHANG_NUMBER, &found), ERR_NOT_FOUND);
    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), ERR_NOT_FOUND);
    assert_true(world_rows_of(w, "consent") > 0);
    world_get(w, "/");
    assert_null(strstr(w->answer.body, "id=\"greeting\""));
}

static void
a_number_that_another_account_has_is_not_proposed(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/correct");

    world_person(w, 1);
    journey_post(&j, "/staff/correct",
                 "kind=number&paper=idcard&number=440106196204150020&" LOOKS "&reason=ticket+12");
    assert_refused(w, &problem_correction_taken);
    assert_int_equal(world_rows_of(w, "staff_proposal"), 0);
}

static void
nor_carried_out_when_somebody_was_registered_by_it_meanwhile(void **state)
{
    struct world *w = *state;
    struct journey j = approved(w, NUMBER_OF);
    struct journey other = { .w = w };

    world_open(w, "/staff/register");
    journey_arrive(&other);
    journey_post(&other, "/staff/register",
                 "name=王小明&paper=idcard&number=" RIGHT_NUMBER "&" LOOKS "&agreed=yes");
    present_turn(&j, "/staff/correct");
    if (!present_shows(w, "carry-number"))
        fail_msg("%s", w->answer.body);
    journey_post(&j, "/staff/correct", "carry=number");
    assert_refused(w, &problem_correction_taken);
    assert_string_equal(person_now(w, 0).identity_number, ZHANG_NUMBER);
}

static void
what_is_proposed_is_on_her_paper_and_has_a_reason(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/correct");

    journey_post(&j, "/staff/correct",
                 "kind=name&name=张三&paper=idcard&number=" ZHANG_NUMBER "&" LOOKS
                 "&reason=ticket+12");
    assert_refused(w, &problem_correction_same);
    journey_arrive(&j);
    journey_post(&j, "/staff/correct",
                 "kind=name&name=张叁&paper=idcard&number=" RIGHT_NUMBER "&" LOOKS
                 "&reason=ticket+12");
    assert_refused(w, &problem_proof_number);
    journey_arrive(&j);
    journey_post(&j, "/staff/correct",
                 "kind=name&name=张叁&paper=idcard&number=" ZHANG_NUMBER "&original=yes"
                 "&reason=ticket+12");
    assert_refused(w, &problem_paper_unchecked);
    journey_arrive(&j);
    journey_post(&j, "/staff/correct",
                 "kind=name&name=张叁&paper=idcard&number=" ZHANG_NUMBER "&" LOOKS "&reason=x");
    assert_refused(w, &problem_staff_reason_invalid);
    assert_int_equal(world_rows_of(w, "staff_proposal"), 0);
}

static void
st_10_nobody_corrects_herself(void **state)
{
    struct world *w = *state;
    struct journey j = present_at(w, 0, "/staff/correct");

    present_is_number(w, "li", ZHANG_NUMBER);
    journey_post(&j, "/staff/correct", NAME_OF);
    assert_refused(w, &problem_staff_self);
    assert_int_equal(world_rows_of(w, "staff_proposal"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(two_people_correct_a_name),
        world_sims_test(nobody_corrects_alone_and_nothing_twice),
        world_sims_test(another_number_ends_her_logins_and_her_card_and_keeps_her_consents),
        world_sims_test(a_number_that_another_account_has_is_not_proposed),
        world_sims_test(nor_carried_out_when_somebody_was_registered_by_it_meanwhile),
        world_sims_test(what_is_proposed_is_on_her_paper_and_has_a_reason),
        world_sims_test(st_10_nobody_corrects_herself),
    };

    return world_sims_run(tests);
}
