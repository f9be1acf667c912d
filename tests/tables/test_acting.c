/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/acting.h"
#include "tests/store_kit.h"

#define NOW 100
#define THREADS 16

static struct stored_acting
acting_of(const char *acting_id)
{
    return (struct stored_acting) { .acting_id = acting_id,
                                    .sid = "s_1",
                                    .staff_id = "li",
                                    .counter_id = "k_1",
                                    .agency = "社保局",
                                    .person_id = "p_1",
                                    .partner_id = "window",
                                    .business = "pension",
                                    .reason = "because",
                                    .proof = "code",
                                    .begun_at = NOW,
                                    .until = NOW + 900 };
}

static void
an_acting_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_acting acting = acting_of("a_1");
    struct stored_acting read;

    assert_int_equal(store_acting_load(k->st, k->arena, "a_1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_acting_insert(k->st, &acting), OK);
    assert_int_equal(store_acting_insert(k->st, &acting), ERR_CONFLICT);
    assert_int_equal(store_acting_load(k->st, k->arena, "a_1", &read), OK);
    assert_string_equal(read.person_id, "p_1");
    assert_string_equal(read.reason, "because");
    assert_string_equal(read.proposal_id, "");
    assert_string_equal(read.grant_id, "");
    assert_int_equal(read.until, NOW + 900);
    assert_int_equal(read.ended_at, 0);
}

static void
what_goes_on_in_a_sitting_is_listed(void **state)
{
    struct kit *k = *state;
    struct stored_acting one = acting_of("a_1");
    struct stored_acting two = acting_of("a_2");
    struct stored_acting other = acting_of("a_3");
    struct acting_list list;

    other.sid = "s_2";
    assert_int_equal(store_acting_insert(k->st, &two), OK);
    assert_int_equal(store_acting_insert(k->st, &one), OK);
    assert_int_equal(store_acting_insert(k->st, &other), OK);
    assert_int_equal(store_acting_list(k->st, k->arena, "s_1", NOW, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].acting_id, "a_1");
    assert_int_equal(store_acting_end(k->st, k->arena, "a_1", NOW, &one), OK);
    assert_int_equal(one.ended_at, NOW);
    assert_int_equal(store_acting_end(k->st, k->arena, "a_1", NOW, &one), ERR_NOT_FOUND);
    assert_int_equal(store_acting_list(k->st, k->arena, "s_1", NOW + 899, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(store_acting_list(k->st, k->arena, "s_1", NOW + 900, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
what_is_over_or_taken_is_not_taken(void **state)
{
    struct kit *k = *state;
    struct stored_acting acting = acting_of("a_1");
    struct stored_acting ended = acting_of("a_2");

    assert_int_equal(store_acting_insert(k->st, &acting), OK);
    assert_int_equal(store_acting_insert(k->st, &ended), OK);
    assert_int_equal(store_acting_take(k->st, "a_1", "g_1", NOW + 900), ERR_NOT_FOUND);
    assert_int_equal(store_acting_take(k->st, "a_1", "g_1", NOW + 899), OK);
    assert_int_equal(store_acting_take(k->st, "a_1", "g_2", NOW), ERR_NOT_FOUND);
    assert_int_equal(store_acting_end(k->st, k->arena, "a_1", NOW, &acting), OK);
    assert_string_equal(acting.grant_id, "g_1");
    assert_int_equal(store_acting_end(k->st, k->arena, "a_2", NOW, &ended), OK);
    assert_int_equal(store_acting_take(k->st, "a_2", "g_2", NOW), ERR_NOT_FOUND);
}

static enum err
take(struct store *st, int thread, void *state)
{
    char grant_id[] = "g_00";

    (void)state;
    grant_id[2] = (char)('0' + thread / 10);
    grant_id[3] = (char)('0' + thread % 10);
    return store_acting_take(st, "a_1", grant_id, NOW);
}

static void
of_sixteen_who_take_one_handle_one_has_it(void **state)
{
    struct kit *k = *state;
    struct stored_acting acting = acting_of("a_1");
    enum err outcomes[KIT_THREADS_MAX];

    assert_int_equal(store_acting_insert(k->st, &acting), OK);
    kit_race(k->db, THREADS, take, NULL, outcomes);
    assert_int_equal(kit_count(outcomes, THREADS, OK), 1);
    assert_int_equal(kit_count(outcomes, THREADS, ERR_NOT_FOUND), THREADS - 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(an_acting_comes_back_as_stored),
        kit_test(what_goes_on_in_a_sitting_is_listed),
        kit_test(what_is_over_or_taken_is_not_taken),
        kit_test(of_sixteen_who_take_one_handle_one_has_it),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
