/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "idp/tables/lease.h"
#include "tests/store_kit.h"

#define LONGEST_S 60

static enum err
take(struct store *st, const char *holder, unix_s now)
{
    struct stored_lease lease = { "sweep", holder, now + 20 };

    return store_lease_take(st, &lease, now, LONGEST_S);
}

static void
who_comes_first_has_it_and_keeps_it(void **state)
{
    struct kit *k = *state;

    assert_int_equal(take(k->st, "a", 100), OK);
    assert_int_equal(take(k->st, "b", 100), ERR_CONFLICT);
    assert_int_equal(take(k->st, "a", 110), OK);
    assert_int_equal(take(k->st, "b", 129), ERR_CONFLICT);
}

static void
when_its_time_is_over_another_takes_it(void **state)
{
    struct kit *k = *state;

    assert_int_equal(take(k->st, "a", 100), OK);
    assert_int_equal(take(k->st, "b", 120), OK);
    assert_int_equal(take(k->st, "a", 121), ERR_CONFLICT);
}

static void
a_lease_says_nothing_about_another(void **state)
{
    struct kit *k = *state;
    struct stored_lease keys = { "keys", "b", 120 };

    assert_int_equal(take(k->st, "a", 100), OK);
    assert_int_equal(store_lease_take(k->st, &keys, 100, LONGEST_S), OK);
}

static void
what_is_given_back_is_free_at_once(void **state)
{
    struct kit *k = *state;

    assert_int_equal(take(k->st, "a", 100), OK);
    assert_int_equal(store_lease_give_back(k->st, "sweep", "b"), OK);
    assert_int_equal(take(k->st, "b", 101), ERR_CONFLICT);
    assert_int_equal(store_lease_give_back(k->st, "sweep", "a"), OK);
    assert_int_equal(take(k->st, "b", 101), OK);
}

static void
a_lease_from_a_clock_far_ahead_is_not_waited_for(void **state)
{
    struct kit *k = *state;

    assert_int_equal(take(k->st, "a", 100 + 3600), OK);
    assert_int_equal(take(k->st, "b", 100), OK);
    assert_int_equal(take(k->st, "a", 101), ERR_CONFLICT);
}

static enum err
take_in_thread(struct store *st, int thread, void *ctx)
{
    char holder[8];

    snprintf(holder, sizeof(holder), "n%d", thread);
    return take(st, holder, *(unix_s *)ctx);
}

static void
of_16_nodes_one_has_it(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];
    unix_s now = 100;

    kit_race(k->db, 16, take_in_thread, &now, outcomes); /* the first ever */
    assert_int_equal(kit_count(outcomes, 16, OK), 1);
    assert_int_equal(kit_count(outcomes, 16, ERR_CONFLICT), 15);
    now = 120;
    kit_race(k->db, 16, take_in_thread, &now, outcomes); /* when it has run out */
    assert_int_equal(kit_count(outcomes, 16, OK), 1);
    assert_int_equal(kit_count(outcomes, 16, ERR_CONFLICT), 15);
}

static void
leases_are_listed_by_name_with_whoever_held_them_last(void **state)
{
    struct kit *k = *state;
    const struct stored_lease sweep = { "sweep", "n1", 120 };
    const struct stored_lease keys = { "keys", "n2", 110 };
    struct lease_list list;

    assert_int_equal(store_lease_take(k->st, &sweep, 100, 60), OK);
    assert_int_equal(store_lease_take(k->st, &keys, 100, 60), OK);
    assert_int_equal(store_lease_list(k->st, k->arena, 10, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].name, "keys");
    assert_string_equal(list.at[0].holder, "n2");
    assert_int_equal(list.at[0].until, 110);
    assert_string_equal(list.at[1].name, "sweep");
    assert_int_equal(store_lease_list(k->st, k->arena, 1, &list), OK);
    assert_int_equal(list.count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(who_comes_first_has_it_and_keeps_it),
        kit_test(when_its_time_is_over_another_takes_it),
        kit_test(a_lease_says_nothing_about_another),
        kit_test(what_is_given_back_is_free_at_once),
        kit_test(a_lease_from_a_clock_far_ahead_is_not_waited_for),
        kit_test(leases_are_listed_by_name_with_whoever_held_them_last),
        kit_test(of_16_nodes_one_has_it),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
