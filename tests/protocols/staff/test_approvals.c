/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/present_kit.h"

#include "idp/context/change.h"
#include "idp/staff/proposal.h"
#include "policies/staff_rules.h"

/* "li" at counter 1 has proposed a transfer for person 0; her browser has gone. */
static const char *
proposed(struct world *w)
{
    struct sitting sitting;
    struct sitting_shown shown;
    struct ctx ctx = world_ctx(w);
    const struct proposal_wish wish = { .kind = PROPOSAL_BUSINESS,
                                        .person_id = world_person(w, 0),
                                        .partner_id = "hospital",
                                        .business = "transfer",
                                        .reason = "her own wish" };
    const char *proposal_id;

    world_sit(w, "li", "counter", 1);
    shown = (struct sitting_shown) { world_cookie(w, "__Host-counter"),
                                     world_cookie(w, "__Host-staff"), NULL };
    assert_int_equal(sitting_load(&ctx, &shown, &sitting), OK);
    assert_null(proposal_make(&ctx, &sitting, &wish, &proposal_id));
    return proposal_id;
}

/* The list, at that counter; one of nothing has no form, but another page of the flow has. */
static struct journey
list_at(struct world *w, const char *staff_id, int counter)
{
    struct journey j = { .w = w };

    world_advance(w, 1);
    world_sit(w, staff_id, "counter", counter);
    world_open(w, "/staff/register");
    journey_arrive(&j);
    present_turn(&j, "/staff/approvals");
    return j;
}

static void
open_one(struct journey *j, const char *proposal_id)
{
    journey_post(j, "/staff/approvals", arena_printf(j->w->arena, "proposal=%s", proposal_id));
}

static int64_t
state_of(struct world *w, const char *proposal_id)
{
    struct stored_proposal proposal;

    assert_int_equal(store_proposal_load(w->store, w->arena, proposal_id, &proposal), OK);
    return proposal.state;
}

static void
a_second_person_looks_at_what_waits_and_approves_it(void **state)
{
    struct world *w = *state;
    const char *proposal_id = proposed(w);
    struct journey j = list_at(w, "wang", 2);

    assert_non_null(strstr(w->answer.body, "张*"));
    assert_non_null(strstr(w->answer.body, "1 号窗口"));
    open_one(&j, proposal_id);
    assert_non_null(strstr(w->answer.body, "her own wish"));
    assert_non_null(strstr(w->answer.body, "transfer"));
    assert_int_equal(state_of(w, proposal_id), PROPOSAL_WAITS);
    world_audit_mark(w);
    journey_post(&j, "/staff/approvals/one", "decision=approve");
    assert_true(present_shows(w, "proposal-approved"));
    assert_true(present_shows(w, "nothing"));
    assert_int_equal(state_of(w, proposal_id), PROPOSAL_APPROVED);
    assert_audited(w, AUDIT_STAFF_DECIDED,
                   arena_printf(w->arena, "%s business approved", proposal_id));
}

static void
or_refuses_it_and_pressed_twice_it_is_the_same(void **state)
{
    struct world *w = *state;
    const char *proposal_id = proposed(w);
    struct journey j = list_at(w, "wang", 2);
    struct journey before;
    struct journey other;

    open_one(&j, proposal_id);
    other = before = j;
    journey_post(&j, "/staff/approvals/one", "decision=refuse");
    journey_post(&before, "/staff/approvals/one", "decision=refuse");
    assert_true(present_shows(w, "proposal-was-refused"));
    journey_post(&other, "/staff/approvals/one", "decision=approve");
    assert_refused(w, &problem_proposal_over);
    assert_int_equal(state_of(w, proposal_id), PROPOSAL_REFUSED);
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_DECIDED), 1);
}

static void
st_11_the_proposer_does_not_see_it_there_nor_approve_it(void **state)
{
    struct world *w = *state;
    const char *proposal_id = proposed(w);
    struct journey j = list_at(w, "li", 2);

    assert_true(present_shows(w, "nothing"));
    open_one(&j, proposal_id);
    assert_refused(w, &problem_second_same);
    assert_int_equal(w->answer.status, 403);
    assert_audited(w, AUDIT_STAFF_SECOND_REFUSED, "proposer");
    assert_int_equal(state_of(w, proposal_id), PROPOSAL_WAITS);
}

static void
st_11_nor_does_a_second_account_of_hers(void **state)
{
    struct world *w = *state;
    const char *proposal_id = proposed(w);
    struct journey j = list_at(w, "li2", 2);

    assert_false(present_shows(w, "nothing")); /* as far as anybody knows she is another */
    present_is_as(w, "li2", "li");
    world_audit_mark(w);
    open_one(&j, proposal_id);
    assert_refused(w, &problem_second_same);
    assert_audited(w, AUDIT_STAFF_SECOND_REFUSED, "person");
    assert_int_equal(state_of(w, proposal_id), PROPOSAL_WAITS);
}

static void
what_was_decided_elsewhere_or_ran_out_is_over(void **state)
{
    struct world *w = *state;
    const char *proposal_id = proposed(w);
    struct journey j = list_at(w, "wang", 2);

    open_one(&j, "sp_nothing");
    assert_refused(w, &problem_proposal_over);
    journey_arrive(&j);
    world_advance(w, STAFF_PROPOSAL_OPEN_S);
    j = list_at(w, "wang", 2);
    assert_true(present_shows(w, "nothing"));
    open_one(&j, proposal_id);
    assert_refused(w, &problem_proposal_over);
}

static void
another_sitting_decides_nothing_by_the_page_of_this_one(void **state)
{
    struct world *w = *state;
    const char *proposal_id = proposed(w);
    struct journey j = list_at(w, "wang", 2);

    open_one(&j, proposal_id);
    world_advance(w, 1);
    world_sit(w, "zhao", "counter", 2);
    journey_post(&j, "/staff/approvals/one", "decision=approve");
    assert_int_equal(state_of(w, proposal_id), PROPOSAL_WAITS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_second_person_looks_at_what_waits_and_approves_it),
        world_test(or_refuses_it_and_pressed_twice_it_is_the_same),
        world_test(st_11_the_proposer_does_not_see_it_there_nor_approve_it),
        world_test(st_11_nor_does_a_second_account_of_hers),
        world_test(what_was_decided_elsewhere_or_ran_out_is_over),
        world_test(another_sitting_decides_nothing_by_the_page_of_this_one),
    };

    return world_run(tests);
}
