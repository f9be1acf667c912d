/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/staff/proposal_kit.h"

#include "idp/tables/staff.h"
#include "keys/secret.h"
#include "policies/staff_rules.h"

static enum err
take(struct ctx *ctx, void *state)
{
    return proposal_take(ctx, state);
}

/* For person 0's transfer, by that member of staff. */
static enum err
taken_by(struct world *w, const struct sitting *sitting)
{
    struct ctx ctx = kit_ctx(w, sitting, NULL);
    struct proposal_use use = { .kind = PROPOSAL_BUSINESS,
                                .staff_id = sitting->staff.staff_id,
                                .person_id = world_person(w, 0),
                                .partner_id = "hospital",
                                .business = "transfer" };

    return change(&ctx, take, &use);
}

static size_t
count_listed(struct world *w, const struct sitting *sitting)
{
    struct ctx ctx = kit_ctx(w, sitting, NULL);
    struct stored_proposal_list list;

    assert_int_equal(proposal_list(&ctx, sitting, &list), OK);
    return list.count;
}

/* The directory says that she is that person. */
static void
is_person(struct world *w, struct sitting *sitting, const struct digest *identity)
{
    sitting->staff.person_key = bytes_of(
        arena_copy(w->arena, identity->bytes, sizeof(identity->bytes)), sizeof(identity->bytes));
}

static void
what_a_second_person_approves_is_used_once(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    struct sitting wang = kit_sit(w, "wang", 2);
    const char *proposal_id = kit_propose(w, &li);

    assert_int_equal(count_listed(w, &wang), 1);
    assert_int_equal(taken_by(w, &li), ERR_NOT_FOUND);
    assert_null(kit_decide(w, &wang, proposal_id, true));
    assert_audited(w, AUDIT_STAFF_DECIDED, NULL);
    assert_int_equal(count_listed(w, &wang), 0);
    assert_int_equal(taken_by(w, &wang), ERR_NOT_FOUND);
    assert_int_equal(taken_by(w, &li), OK);
    assert_audited(w, AUDIT_STAFF_PROPOSAL_USED, NULL);
    assert_int_equal(taken_by(w, &li), ERR_NOT_FOUND);
}

static void
what_a_second_person_refuses_is_not_used(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    struct sitting wang = kit_sit(w, "wang", 2);
    const char *proposal_id = kit_propose(w, &li);

    assert_null(kit_decide(w, &wang, proposal_id, false));
    assert_null(kit_decide(w, &wang, proposal_id, false)); /* pressed twice */
    assert_ptr_equal(kit_decide(w, &wang, proposal_id, true), &problem_proposal_over);
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_DECIDED), 1);
    assert_int_equal(taken_by(w, &li), ERR_NOT_FOUND);
}

static void
st_11_the_proposer_does_not_approve_her_own(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    const char *proposal_id = kit_propose(w, &li);
    struct sitting elsewhere;

    world_advance(w, 1);
    elsewhere = kit_sit(w, "li", 2);
    assert_int_equal(count_listed(w, &elsewhere), 0);
    assert_ptr_equal(kit_decide(w, &elsewhere, proposal_id, true), &problem_second_same);
    assert_audited(w, AUDIT_STAFF_SECOND_REFUSED, "proposer");
}

static void
st_11_nor_does_she_under_a_second_account(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    const char *proposal_id = kit_propose(w, &li);
    struct sitting second = kit_sit(w, "li2", 2);

    second.staff.person_key = li.staff.person_key;
    assert_int_equal(count_listed(w, &second), 0);
    assert_ptr_equal(kit_decide(w, &second, proposal_id, true), &problem_second_same);
    assert_audited(w, AUDIT_STAFF_SECOND_REFUSED, "person");
}

static void
st_11_nor_does_anybody_at_her_counter_or_of_whom_nobody_knows_who_she_is(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    const char *proposal_id = kit_propose(w, &li);
    struct sitting here = kit_sit(w, "wang", 1);
    struct sitting unknown = kit_sit(w, "zhao", 2);

    assert_ptr_equal(kit_decide(w, &here, proposal_id, true), &problem_second_same);
    assert_audited(w, AUDIT_STAFF_SECOND_REFUSED, "counter");
    world_audit_mark(w);
    unknown.staff.person_key = (struct bytes) { NULL, 0 };
    assert_ptr_equal(kit_decide(w, &unknown, proposal_id, true), &problem_second_unknown);
    assert_audited(w, AUDIT_STAFF_SECOND_REFUSED, "unknown");
    assert_int_equal(taken_by(w, &li), ERR_NOT_FOUND);
}

static void
who_is_not_known_proposes_nothing(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    struct ctx ctx = kit_ctx(w, &li, NULL);
    const struct proposal_wish wish = { .kind = PROPOSAL_BUSINESS,
                                        .person_id = world_person(w, 0) };
    const char *proposal_id;

    li.staff.person_key = (struct bytes) { NULL, 0 };
    assert_ptr_equal(proposal_make(&ctx, &li, &wish, &proposal_id), &problem_second_unknown);
    assert_int_equal(world_rows_of(w, "staff_proposal"), 0);
}

static void
st_10_nobody_decides_what_concerns_herself(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    struct sitting wang = kit_sit(w, "wang", 2);
    const char *proposal_id = kit_propose(w, &li);
    struct ctx ctx = world_ctx(w);
    struct person person;
    struct digest identity;

    assert_int_equal(person_load(&ctx, world_person(w, 0), &person), OK);
    identity = identity_digest(&ctx, person.identity_number);
    is_person(w, &wang, &identity);
    assert_int_equal(count_listed(w, &wang), 0);
    assert_ptr_equal(kit_decide(w, &wang, proposal_id, true), &problem_staff_self);
    assert_audited(w, AUDIT_STAFF_DENIED, "self");
}

static void
st_16_another_region_sees_and_decides_nothing(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    struct sitting wang = kit_sit(w, "wang", 2);
    const char *proposal_id = kit_propose(w, &li);

    wang.staff.region = "440300";
    assert_int_equal(count_listed(w, &wang), 0);
    assert_ptr_equal(kit_decide(w, &wang, proposal_id, true), &problem_proposal_over);
    assert_audited(w, AUDIT_STAFF_DENIED, "scope");
    wang.staff.region = "440000"; /* the province has its cities */
    assert_int_equal(count_listed(w, &wang), 1);
    assert_null(kit_decide(w, &wang, proposal_id, true));
}

static void
a_proposal_waits_for_a_day_and_is_good_for_a_day(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    struct sitting wang = kit_sit(w, "wang", 2);
    const char *late = kit_propose(w, &li);
    const char *proposal_id;

    world_advance(w, STAFF_PROPOSAL_OPEN_S);
    assert_ptr_equal(kit_decide(w, &wang, late, true), &problem_proposal_over);
    proposal_id = kit_propose(w, &li);
    world_advance(w, STAFF_PROPOSAL_OPEN_S - 1);
    assert_null(kit_decide(w, &wang, proposal_id, true));
    world_advance(w, STAFF_PROPOSAL_GOOD_S);
    assert_int_equal(taken_by(w, &li), ERR_NOT_FOUND);
}

static void
a_form_that_is_sent_twice_makes_one(void **state)
{
    struct world *w = *state;
    struct sitting li = kit_sit(w, "li", 1);
    struct ctx ctx = kit_ctx(w, &li, "form 1");
    const struct proposal_wish wish = { .kind = PROPOSAL_NAME,
                                        .person_id = world_person(w, 0),
                                        .content = "张叁" };
    struct stored_proposal proposal;
    const char *first;
    const char *second;
    const char *content;

    assert_null(proposal_make(&ctx, &li, &wish, &first));
    assert_null(proposal_make(&ctx, &li, &wish, &second));
    assert_string_equal(first, second);
    assert_int_equal(world_rows_of(w, "staff_proposal"), 1);
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_PROPOSED), 1);
    assert_int_equal(store_proposal_load(w->store, w->arena, first, &proposal), OK);
    assert_int_equal(proposal_content(&ctx, &proposal, &content), OK);
    assert_string_equal(content, "张叁");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_a_second_person_approves_is_used_once),
        world_test(what_a_second_person_refuses_is_not_used),
        world_test(st_11_the_proposer_does_not_approve_her_own),
        world_test(st_11_nor_does_she_under_a_second_account),
        world_test(st_11_nor_does_anybody_at_her_counter_or_of_whom_nobody_knows_who_she_is),
        world_test(who_is_not_known_proposes_nothing),
        world_test(st_10_nobody_decides_what_concerns_herself),
        world_test(st_16_another_region_sees_and_decides_nothing),
        world_test(a_proposal_waits_for_a_day_and_is_good_for_a_day),
        world_test(a_form_that_is_sent_twice_makes_one),
    };

    return world_run(tests);
}
