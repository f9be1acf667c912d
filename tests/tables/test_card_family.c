/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/card_family.h"
#include "policies/family.h"
#include "tests/store_kit.h"

#define NOW 1000
#define THREADS 16

static struct stored_card_family
link_of(const char *person_id, const char *member_id, int64_t state)
{
    return (struct stored_card_family) {
        .person_id = person_id,
        .member_id = member_id,
        .kinship = KINSHIP_ELDER,
        .state = state,
        .asked_at = NOW,
    };
}

static struct stored_card_family
put(struct kit *k, const char *person_id, const char *member_id, int64_t state)
{
    struct stored_card_family link = link_of(person_id, member_id, state);

    assert_int_equal(store_card_family_put(k->st, &link), OK);
    return link;
}

static struct stored_card_family
found(struct kit *k, const char *person_id, const char *member_id)
{
    struct stored_card_family link = { .state = 0 };

    assert_int_equal(store_card_family_find(k->st, k->arena, person_id, member_id, &link), OK);
    return link;
}

static void
it_comes_back_as_stored_and_from_one_side_alone(void **state)
{
    struct kit *k = *state;
    struct stored_card_family link;

    put(k, "p_1", "p_2", FAMILY_ASKED);
    link = found(k, "p_1", "p_2");
    assert_int_equal(link.kinship, KINSHIP_ELDER);
    assert_int_equal(link.state, FAMILY_ASKED);
    assert_int_equal(link.asked_at, NOW);
    assert_int_equal(link.agreed_at, 0);
    assert_int_equal(link.ended_at, 0);
    assert_int_equal(store_card_family_find(k->st, k->arena, "p_2", "p_1", &link), ERR_NOT_FOUND);
}

static void
two_people_have_one_row_however_often_they_are_linked(void **state)
{
    struct kit *k = *state;
    struct stored_card_family_list list;

    put(k, "p_1", "p_2", FAMILY_ENDED);
    put(k, "p_1", "p_2", FAMILY_ASKED);
    assert_int_equal(store_card_family_history(k->st, k->arena, "p_1", &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].state, FAMILY_ASKED);
}

static void
only_what_is_asked_and_not_too_long_ago_is_agreed_to(void **state)
{
    struct kit *k = *state;
    struct stored_card_family link = put(k, "p_1", "p_2", FAMILY_ASKED);

    link.agreed_at = NOW + 5;
    assert_int_equal(store_card_family_agree(k->st, &link, NOW), ERR_NOT_FOUND);
    assert_int_equal(store_card_family_agree(k->st, &link, NOW - 1), OK);
    assert_int_equal(found(k, "p_1", "p_2").state, FAMILY_AGREED);
    assert_int_equal(found(k, "p_1", "p_2").agreed_at, NOW + 5);
    assert_int_equal(store_card_family_agree(k->st, &link, NOW - 1), ERR_NOT_FOUND);
    link.ended_at = NOW + 6;
    assert_int_equal(store_card_family_end(k->st, &link), OK);
    assert_int_equal(store_card_family_agree(k->st, &link, NOW - 1), ERR_NOT_FOUND);
    assert_int_equal(found(k, "p_1", "p_2").ended_at, NOW + 6);
}

static enum err
end_once(struct store *st, int thread, void *ctx)
{
    struct stored_card_family link = link_of("p_1", "p_2", FAMILY_AGREED);

    (void)ctx;
    link.ended_at = NOW + thread;
    return store_card_family_end(st, &link);
}

static void
of_many_who_end_it_one_does(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];

    put(k, "p_1", "p_2", FAMILY_AGREED);
    kit_race(k->db, THREADS, end_once, NULL, outcomes);
    assert_int_equal(kit_count(outcomes, THREADS, OK), 1);
    assert_int_equal(kit_count(outcomes, THREADS, ERR_NOT_FOUND), THREADS - 1);
    assert_int_equal(found(k, "p_1", "p_2").state, FAMILY_ENDED);
}

static void
both_sides_are_listed_without_what_has_ended_and_a_history_has_all(void **state)
{
    struct kit *k = *state;
    struct stored_card_family_list list;

    put(k, "p_1", "p_2", FAMILY_AGREED);
    put(k, "p_1", "p_3", FAMILY_ENDED);
    put(k, "p_4", "p_1", FAMILY_ASKED);
    put(k, "p_5", "p_1", FAMILY_ENDED);
    assert_int_equal(store_card_family_list(k->st, k->arena, "p_1", &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].member_id, "p_2");
    assert_int_equal(store_card_family_list_of_member(k->st, k->arena, "p_1", &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].person_id, "p_4");
    assert_int_equal(store_card_family_history(k->st, k->arena, "p_1", &list), OK);
    assert_int_equal(list.count, 4);
}

static void
only_old_questions_to_nobody_are_forgotten(void **state)
{
    struct kit *k = *state;
    struct stored_card_family_list list;

    put(k, "p_1", "p_2", FAMILY_ASKED);
    put(k, "p_1", "u_2", FAMILY_ASKED);
    put(k, "p_2", "u_2", FAMILY_ASKED);
    assert_int_equal(store_card_family_forget(k->st, "p_1", NOW), OK);
    assert_int_equal(store_card_family_history(k->st, k->arena, "u_2", &list), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(store_card_family_forget(k->st, "p_1", NOW + 1), OK);
    assert_int_equal(store_card_family_history(k->st, k->arena, "u_2", &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].person_id, "p_2");
    assert_int_equal(found(k, "p_1", "p_2").state, FAMILY_ASKED);
}

static void
one_that_is_held_is_read_and_not_changed(void **state)
{
    struct kit *k = *state;
    struct stored_card_family held;

    put(k, "p_1", "p_2", FAMILY_AGREED);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_card_family_hold(k->st, k->arena, "p_1", "p_2", &held), OK);
    assert_int_equal(held.state, FAMILY_AGREED);
    assert_int_equal(held.asked_at, NOW);
    assert_int_equal(store_card_family_hold(k->st, k->arena, "p_2", "p_1", &held), ERR_NOT_FOUND);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(found(k, "p_1", "p_2").ended_at, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(it_comes_back_as_stored_and_from_one_side_alone),
        kit_test(two_people_have_one_row_however_often_they_are_linked),
        kit_test(only_what_is_asked_and_not_too_long_ago_is_agreed_to),
        kit_test(of_many_who_end_it_one_does),
        kit_test(both_sides_are_listed_without_what_has_ended_and_a_history_has_all),
        kit_test(only_old_questions_to_nobody_are_forgotten),
        kit_test(one_that_is_held_is_read_and_not_changed),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
