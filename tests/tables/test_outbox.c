/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/outbox.h"
#include "tests/store_kit.h"

static struct stored_delivery
a_delivery(const char *delivery_id, unix_s next_at)
{
    return (struct stored_delivery) { delivery_id, "logout", "hospital", "p1", "s1", "more",
                                      0,           next_at,  0,          "",   5,    "" };
}

static void
deliveries_that_are_due_are_claimed_for_a_while(void **state)
{
    struct kit *k = *state;
    struct stored_delivery due = a_delivery("d1", 10);
    struct stored_delivery later = a_delivery("d2", 11);
    struct delivery_claim claim = { "logout", 10, 30, 100 };
    struct delivery_list list;

    assert_int_equal(store_delivery_insert(k->st, &due), OK);
    assert_int_equal(store_delivery_insert(k->st, &due), ERR_CONFLICT);
    assert_int_equal(store_delivery_insert(k->st, &later), OK);
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);

    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].delivery_id, "d1");
    assert_string_equal(list.at[0].kind, "logout");
    assert_string_equal(list.at[0].partner_id, "hospital");
    assert_string_equal(list.at[0].person_id, "p1");
    assert_string_equal(list.at[0].sid, "s1");
    assert_string_equal(list.at[0].payload, "more");
    assert_int_equal(list.at[0].tries, 1);
    assert_int_equal(list.at[0].next_at, 40);
    assert_int_equal(list.at[0].done_at, 0);
    assert_string_equal(list.at[0].outcome, "");
    assert_int_equal(list.at[0].created_at, 5);

    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(list.count, 0);
    claim.now = 40;
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(list.count, 2);
}

static void
no_more_are_claimed_than_asked_for(void **state)
{
    struct kit *k = *state;
    struct stored_delivery first = a_delivery("d1", 10);
    struct stored_delivery second = a_delivery("d2", 10);
    struct delivery_claim claim = { "logout", 10, 30, 1 };
    struct delivery_list list;

    assert_int_equal(store_delivery_insert(k->st, &first), OK);
    assert_int_equal(store_delivery_insert(k->st, &second), OK);
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(list.count, 1);
}

static void
a_kind_that_is_not_asked_for_is_left_alone(void **state)
{
    struct kit *k = *state;
    struct stored_delivery delivery = a_delivery("d1", 10);
    struct delivery_claim claim = { "ping", 10, 30, 100 };
    struct delivery_list list;

    assert_int_equal(store_delivery_insert(k->st, &delivery), OK);
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
a_delivery_is_done_once_and_never_claimed_again(void **state)
{
    struct kit *k = *state;
    struct stored_delivery delivery = a_delivery("d1", 10);
    struct delivery_claim claim = { "logout", 1000000, 30, 100 };
    struct delivery_list list;

    assert_int_equal(store_delivery_insert(k->st, &delivery), OK);
    assert_int_equal(
        store_delivery_done(k->st, "d1", 20, &(struct delivery_result) { "200", "200" }), OK);
    assert_int_equal(
        store_delivery_done(k->st, "d1", 21, &(struct delivery_result) { "200", "200" }),
        ERR_NOT_FOUND);
    assert_int_equal(
        store_delivery_retry(k->st, "d1", 30, &(struct delivery_result) { "500", "500" }),
        ERR_NOT_FOUND);
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
a_failed_delivery_is_due_again(void **state)
{
    struct kit *k = *state;
    struct stored_delivery delivery = a_delivery("d1", 10);
    struct delivery_claim claim = { "logout", 10, 1000, 100 };
    struct delivery_list list;

    assert_int_equal(store_delivery_insert(k->st, &delivery), OK);
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(
        store_delivery_retry(k->st, "d1", 50, &(struct delivery_result) { "timeout", "timeout" }),
        OK);
    assert_int_equal(store_delivery_retry(k->st, "absent", 50,
                                          &(struct delivery_result) { "timeout", "timeout" }),
                     ERR_NOT_FOUND);

    claim.now = 50;
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].tries, 2);
    assert_string_equal(list.at[0].outcome, "timeout");
}

struct claims {
    _Atomic int total;
};

static enum err
claim_some(struct store *st, int thread, void *ctx)
{
    struct claims *claims = ctx;
    struct arena *arena = arena_new(1 << 16);
    struct delivery_list list = { 0 };
    enum err err =
        store_delivery_claim(st, arena, &(struct delivery_claim) { "logout", 10, 30, 5 }, &list);

    (void)thread;
    claims->total += (int)list.count;
    arena_free(arena);
    return err;
}

static void
no_delivery_is_claimed_by_two_of_16_threads(void **state)
{
    struct kit *k = *state;
    struct claims claims = { 0 };
    enum err outcomes[KIT_THREADS_MAX];
    struct delivery_list list;

    for (int i = 0; i < 20; i++) {
        struct stored_delivery delivery = a_delivery(arena_printf(k->arena, "d%d", i), 10);

        assert_int_equal(store_delivery_insert(k->st, &delivery), OK);
    }
    kit_race(k->db, 16, claim_some, &claims, outcomes);
    assert_int_equal(kit_count(outcomes, 16, OK), 16);
    assert_in_range(claims.total, 1, 20);

    assert_int_equal(store_delivery_claim(k->st, k->arena,
                                          &(struct delivery_claim) { "logout", 10, 30, 100 },
                                          &list),
                     OK);
    assert_int_equal(claims.total + (int)list.count, 20);
}

/* --- What the version before has put into a table of its own --- */

static void
old_put(struct kit *k, const char *sql)
{
    assert_int_equal(kit_run(k->st, sql), OK);
}

#define OLD(id, next_at, done_at)                                                                  \
    "INSERT INTO logout_delivery (delivery_id, partner_id, person_id, sid, tries, next_at,"        \
    " done_at, outcome, created_at) VALUES ('" id "', 'hospital', 'p1', 's1', 2, " next_at         \
    ", " done_at ", 'timeout', 5)"

static size_t
drain(struct kit *k, unix_s now)
{
    size_t moved = 99;

    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_logout_delivery_drain(k->st, k->arena, "logout", now, &moved), OK);
    assert_int_equal(store_commit(k->st), OK);
    return moved;
}

static void
what_is_due_in_the_old_table_moves_as_it_is(void **state)
{
    struct kit *k = *state;
    struct delivery_claim claim = { "logout", 10, 30, 100 };
    struct delivery_list list;

    old_put(k, OLD("d1", "10", "0"));
    old_put(k, OLD("claimed", "40", "0"));
    old_put(k, OLD("done", "10", "9"));
    assert_int_equal(drain(k, 10), 1);
    assert_int_equal(drain(k, 10), 0);
    assert_int_equal(store_delivery_claim(k->st, k->arena, &claim, &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].delivery_id, "d1");
    assert_string_equal(list.at[0].kind, "logout");
    assert_string_equal(list.at[0].partner_id, "hospital");
    assert_string_equal(list.at[0].person_id, "p1");
    assert_string_equal(list.at[0].sid, "s1");
    assert_string_equal(list.at[0].payload, "");
    assert_int_equal(list.at[0].tries, 3);
    assert_int_equal(list.at[0].created_at, 5);
    assert_string_equal(list.at[0].outcome, "timeout");
}

struct drains {
    _Atomic size_t moved;
};

static enum err
drain_some(struct store *st, void *ctx)
{
    struct drains *drains = ctx;
    struct arena *arena = arena_new(1 << 16);
    size_t moved = 0;
    enum err err = store_logout_delivery_drain(st, arena, "logout", 10, &moved);

    drains->moved += moved;
    arena_free(arena);
    return err;
}

static enum err
drain_in_thread(struct store *st, int thread, void *ctx)
{
    (void)thread;
    return store_change(st, drain_some, ctx);
}

static void
of_16_threads_that_drain_each_row_goes_to_one(void **state)
{
    struct kit *k = *state;
    struct drains drains = { 0 };
    enum err outcomes[KIT_THREADS_MAX];

    old_put(k, OLD("d1", "10", "0"));
    old_put(k, OLD("d2", "10", "0"));
    old_put(k, OLD("d3", "10", "0"));
    kit_race(k->db, 16, drain_in_thread, &drains, outcomes);
    assert_int_equal(kit_count(outcomes, 16, OK), 16);
    assert_int_equal(drains.moved, 3);
}

static void
deliveries_that_wait_are_counted_no_further_than_asked(void **state)
{
    struct kit *k = *state;
    const struct stored_delivery rows[] = { a_delivery("d1", 10), a_delivery("d2", 70),
                                            a_delivery("d3", 20) };
    int64_t count = 0;

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_delivery_insert(k->st, &rows[i]), OK);
    assert_int_equal(store_delivery_done(k->st, "d3", 12,
                                         &(struct delivery_result) { "delivered", "delivered" }),
                     OK);
    assert_int_equal(store_delivery_count(k->st, 10, 60, 5, &count), OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_delivery_count(k->st, 10, 59, 5, &count), OK);
    assert_int_equal(count, 1);
    assert_int_equal(store_delivery_count(k->st, 10, 60, 1, &count), OK);
    assert_int_equal(count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(deliveries_that_are_due_are_claimed_for_a_while),
        kit_test(no_more_are_claimed_than_asked_for),
        kit_test(a_kind_that_is_not_asked_for_is_left_alone),
        kit_test(a_delivery_is_done_once_and_never_claimed_again),
        kit_test(a_failed_delivery_is_due_again),
        kit_test(no_delivery_is_claimed_by_two_of_16_threads),
        kit_test(deliveries_that_wait_are_counted_no_further_than_asked),
        kit_test(what_is_due_in_the_old_table_moves_as_it_is),
        kit_test(of_16_threads_that_drain_each_row_goes_to_one),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
