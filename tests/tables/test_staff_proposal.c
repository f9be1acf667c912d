/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/staff_proposal.h"
#include "tests/store_kit.h"

#define NOW ((unix_s)1000)

static struct stored_proposal
proposal_of(const char *id, const char *region)
{
    return (struct stored_proposal) {
        .proposal_id = id,
        .kind = PROPOSAL_BUSINESS,
        .state = PROPOSAL_WAITS,
        .staff_id = "li",
        .counter_id = "k_1",
        .agency = "社保局",
        .region = region,
        .person_id = "p_1",
        .partner_id = "hall",
        .business = "transfer",
        .reason = "her own wish",
        .content_sealed = bytes_of_text("sealed"),
        .created_at = NOW,
        .until = NOW + 100,
    };
}

static enum err
decide_at(struct kit *k, const char *id, enum proposal_state state, unix_s now)
{
    const struct stored_proposal decided = { .proposal_id = id,
                                             .state = state,
                                             .decided_by = "wang",
                                             .decided_counter = "k_2",
                                             .decided_at = now,
                                             .until = now + 100 };

    return store_proposal_decide(k->st, &decided);
}

static void
a_proposal_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_proposal proposal = proposal_of("sp_1", "440106");
    struct stored_proposal read;

    assert_int_equal(store_proposal_load(k->st, k->arena, "sp_1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_proposal_insert(k->st, &proposal), OK);
    assert_int_equal(store_proposal_insert(k->st, &proposal), ERR_CONFLICT);
    assert_int_equal(store_proposal_load(k->st, k->arena, "sp_1", &read), OK);
    assert_string_equal(read.reason, "her own wish");
    assert_string_equal(read.decided_by, "");
    assert_int_equal(read.content_sealed.size, 6);
    assert_int_equal(read.person_key.size, 0);
    assert_int_equal(read.until, NOW + 100);
}

static void
those_that_wait_are_listed_by_their_region(void **state)
{
    struct kit *k = *state;
    const struct region_span city = { "440100", "440199" };
    struct stored_proposal here = proposal_of("sp_1", "440106");
    struct stored_proposal there = proposal_of("sp_2", "440300");
    struct stored_proposal_list list;

    assert_int_equal(store_proposal_insert(k->st, &here), OK);
    assert_int_equal(store_proposal_insert(k->st, &there), OK);
    assert_int_equal(store_proposal_waiting(k->st, k->arena, &city, NOW, &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].proposal_id, "sp_1");
    assert_int_equal(store_proposal_waiting(k->st, k->arena, &city, NOW + 100, &list), OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(store_proposal_list_of(k->st, k->arena, "li", NOW, &list), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(store_proposal_list_of(k->st, k->arena, "wang", NOW, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
one_decides_in_time(void **state)
{
    struct kit *k = *state;
    struct stored_proposal first = proposal_of("sp_1", "440106");
    struct stored_proposal second = proposal_of("sp_2", "440106");
    struct stored_proposal read;

    assert_int_equal(store_proposal_insert(k->st, &first), OK);
    assert_int_equal(store_proposal_insert(k->st, &second), OK);
    assert_int_equal(decide_at(k, "sp_1", PROPOSAL_APPROVED, NOW + 99), OK);
    assert_int_equal(decide_at(k, "sp_1", PROPOSAL_REFUSED, NOW + 99), ERR_NOT_FOUND);
    assert_int_equal(decide_at(k, "sp_2", PROPOSAL_APPROVED, NOW + 100), ERR_NOT_FOUND);
    assert_int_equal(store_proposal_load(k->st, k->arena, "sp_1", &read), OK);
    assert_int_equal(read.state, PROPOSAL_APPROVED);
    assert_string_equal(read.decided_by, "wang");
    assert_int_equal(read.until, NOW + 199);
}

static void
what_is_approved_is_taken_once_for_what_it_was_approved(void **state)
{
    struct kit *k = *state;
    struct stored_proposal proposal = proposal_of("sp_1", "440106");
    struct stored_proposal like = proposal;
    struct stored_proposal taken;
    const char *found;

    assert_int_equal(store_proposal_insert(k->st, &proposal), OK);
    assert_int_equal(store_proposal_find(k->st, k->arena, &like, NOW, &found), ERR_NOT_FOUND);
    assert_int_equal(decide_at(k, "sp_1", PROPOSAL_APPROVED, NOW), OK);
    like.business = "pension";
    assert_int_equal(store_proposal_find(k->st, k->arena, &like, NOW, &found), ERR_NOT_FOUND);
    like.business = "transfer";
    assert_int_equal(store_proposal_find(k->st, k->arena, &like, NOW, &found), OK);
    assert_string_equal(found, "sp_1");
    like.staff_id = "wang";
    assert_int_equal(store_proposal_take(k->st, k->arena, &like, NOW, &taken), ERR_NOT_FOUND);
    like.staff_id = "li";
    assert_int_equal(store_proposal_take(k->st, k->arena, &like, NOW + 100, &taken), ERR_NOT_FOUND);
    assert_int_equal(store_proposal_take(k->st, k->arena, &like, NOW, &taken), OK);
    assert_int_equal(taken.used_at, NOW);
    assert_int_equal(store_proposal_take(k->st, k->arena, &like, NOW, &taken), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_proposal_comes_back_as_stored),
        kit_test(those_that_wait_are_listed_by_their_region),
        kit_test(one_decides_in_time),
        kit_test(what_is_approved_is_taken_once_for_what_it_was_approved),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
