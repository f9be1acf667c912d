/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/grant.h"
#include "tests/store_kit.h"

static struct stored_grant
a_grant(const char *grant_id)
{
    return (struct stored_grant) { .grant_id = grant_id,
                                   .approval.subject.id = "p1",
                                   .approval.partner_id = "hospital",
                                   .approval.sid = "s1",
                                   .approval.scope = "openid name",
                                   .approval.claims = "{}",
                                   .approval.acr = "urn:hrss:acr:l2",
                                   .approval.amr = "pwd",
                                   .approval.auth_time = 10,
                                   .offline = 1,
                                   .generation = 1,
                                   .rotated_at = 11,
                                   .created_at = 12,
                                   .approval.until = 100 };
}

static void
assert_grant(const struct stored_grant *read, const struct stored_grant *expected)
{
    assert_string_equal(read->grant_id, expected->grant_id);
    assert_string_equal(read->approval.subject.id, expected->approval.subject.id);
    assert_string_equal(read->approval.partner_id, expected->approval.partner_id);
    assert_string_equal(read->approval.sid, expected->approval.sid);
    assert_string_equal(read->approval.scope, expected->approval.scope);
    assert_string_equal(read->approval.claims, expected->approval.claims);
    assert_string_equal(read->approval.acr, expected->approval.acr);
    assert_string_equal(read->approval.amr, expected->approval.amr);
    assert_int_equal(read->approval.auth_time, expected->approval.auth_time);
    assert_int_equal(read->offline, expected->offline);
    assert_int_equal(read->generation, expected->generation);
    assert_int_equal(read->rotated_at, expected->rotated_at);
    assert_int_equal(read->created_at, expected->created_at);
    assert_int_equal(read->approval.until, expected->approval.until);
    assert_int_equal(read->ended_at, expected->ended_at);
}

static void
a_grant_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_grant grant = a_grant("g1");
    struct stored_grant read;

    assert_int_equal(store_grant_load(k->st, k->arena, "g1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_grant_insert(k->st, &grant), OK);
    assert_int_equal(store_grant_insert(k->st, &grant), ERR_CONFLICT);
    assert_int_equal(store_grant_load(k->st, k->arena, "g1", &read), OK);
    assert_grant(&read, &grant);
}

static void
a_generation_is_rotated_once_and_no_row_is_added(void **state)
{
    static const char sql[] = "SELECT COUNT(*) FROM partner_grant";
    struct kit *k = *state;
    struct stored_grant grant = a_grant("g1");
    struct grant_turn turn = { "g1", 1, 20 };
    struct stored_grant read;
    int64_t rows = 0;
    const struct out outs[] = { out_int(&rows), OUT_END };

    assert_int_equal(store_grant_insert(k->st, &grant), OK);
    assert_int_equal(store_grant_rotate(k->st, k->arena, &turn, &read), OK);
    grant.generation = 2;
    grant.rotated_at = 20;
    assert_grant(&read, &grant);

    assert_int_equal(store_grant_rotate(k->st, k->arena, &turn, &read), ERR_NOT_FOUND);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    assert_int_equal(rows, 1);
}

static void
an_ended_or_expired_grant_is_not_rotated(void **state)
{
    struct kit *k = *state;
    struct stored_grant expired = a_grant("g1");
    struct stored_grant ended = a_grant("g2");
    struct stored_grant read;

    assert_int_equal(store_grant_insert(k->st, &expired), OK);
    assert_int_equal(store_grant_insert(k->st, &ended), OK);
    assert_int_equal(store_grant_end(k->st, "g2", 20), OK);

    assert_int_equal(
        store_grant_rotate(k->st, k->arena, &(struct grant_turn) { "g1", 1, 100 }, &read),
        ERR_NOT_FOUND);
    assert_int_equal(
        store_grant_rotate(k->st, k->arena, &(struct grant_turn) { "g2", 1, 19 }, &read),
        ERR_NOT_FOUND);
}

static void
a_grant_is_ended_once(void **state)
{
    struct kit *k = *state;
    struct stored_grant grant = a_grant("g1");
    struct stored_grant read;

    assert_int_equal(store_grant_end(k->st, "g1", 20), ERR_NOT_FOUND);
    assert_int_equal(store_grant_insert(k->st, &grant), OK);
    assert_int_equal(store_grant_end(k->st, "g1", 20), OK);
    assert_int_equal(store_grant_end(k->st, "g1", 21), ERR_NOT_FOUND);
    assert_int_equal(store_grant_load(k->st, k->arena, "g1", &read), OK);
    assert_int_equal(read.ended_at, 20);
    assert_int_equal(read.approval.until, 20);
}

static void
insert_all(struct kit *k, const struct stored_grant *grants, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(store_grant_insert(k->st, &grants[i]), OK);
}

static void
the_live_grants_that_end_with_a_session_are_listed(void **state)
{
    struct kit *k = *state;
    struct stored_grant grants[] = { a_grant("g2"),      a_grant("g1"),        a_grant("ended"),
                                     a_grant("expired"), a_grant("elsewhere"), a_grant("offline") };
    struct grant_list list;

    for (size_t i = 0; i < 5; i++)
        grants[i].offline = 0;
    grants[3].approval.until = 30;
    grants[4].approval.sid = "s2";
    insert_all(k, grants, 6);
    assert_int_equal(store_grant_end(k->st, "ended", 20), OK);

    assert_int_equal(store_grant_list_of_session(k->st, k->arena, "s1", 30, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].grant_id, "g1");
    assert_string_equal(list.at[0].partner_id, "hospital");
    assert_int_equal(list.at[0].created_at, 12);
    assert_string_equal(list.at[1].grant_id, "g2");
}

static void
the_live_grants_of_a_person_are_listed_offline_ones_too(void **state)
{
    struct kit *k = *state;
    struct stored_grant grants[] = { a_grant("g1"), a_grant("g2"), a_grant("ended"),
                                     a_grant("another") };
    struct grant_list list;

    grants[0].offline = 0;
    grants[1].approval.sid = "s2";
    grants[3].approval.subject.id = "p2";
    insert_all(k, grants, 4);
    assert_int_equal(store_grant_end(k->st, "ended", 20), OK);

    assert_int_equal(store_grant_list_of_person(
                         k->st, k->arena, &(struct grants_of) { "p1", TIME_NEVER, 30 }, &list),
                     OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].grant_id, "g1");
    assert_string_equal(list.at[1].grant_id, "g2");
}

static void
all_grants_are_walked_page_by_page(void **state)
{
    struct kit *k = *state;
    struct grant_list list;

    assert_int_equal(store_begin(k->st), OK);
    for (int i = 0; i < GRANT_PAGE + 2; i++) {
        struct stored_grant grant = a_grant(arena_printf(k->arena, "g%04d", i));

        assert_int_equal(store_grant_insert(k->st, &grant), OK);
    }
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(store_grant_end(k->st, "g0000", 20), OK);
    assert_int_equal(store_grant_list(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, GRANT_PAGE);
    assert_string_equal(list.at[0].grant_id, "g0001");
    assert_int_equal(store_grant_list(k->st, k->arena, list.at[GRANT_PAGE - 1].grant_id, &list),
                     OK);
    assert_int_equal(list.count, 1);
}

static void
the_partners_of_a_session_are_listed_each_once(void **state)
{
    struct kit *k = *state;
    struct stored_grant grants[] = { a_grant("g1"), a_grant("g2"), a_grant("g3"), a_grant("g4") };
    struct grant_after after = { "", 30 };
    struct grant_list list;

    grants[2].approval.partner_id = "bank";
    grants[3].approval.partner_id = "app";
    grants[3].approval.sid = "s2";
    insert_all(k, grants, 4);
    assert_int_equal(store_grant_list_partners(k->st, k->arena, "s1", &after, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].partner_id, "bank");
    assert_string_equal(list.at[1].partner_id, "hospital");
    after.partner_id = "bank";
    assert_int_equal(store_grant_list_partners(k->st, k->arena, "s1", &after, &list), OK);
    assert_int_equal(list.count, 1);
}

/* Numbers `from` to `to` - 1, at the times of their numbers. */
static void
insert_many(struct kit *k, struct stored_grant like, int from, int to)
{
    assert_int_equal(store_begin(k->st), OK);
    for (int i = from; i < to; i++) {
        like.grant_id = arena_printf(k->arena, "g%04d", i);
        like.created_at = i;
        assert_int_equal(store_grant_insert(k->st, &like), OK);
    }
    assert_int_equal(store_commit(k->st), OK);
}

static struct grant_room
room_for(struct kit *k, const struct stored_grant *grant)
{
    struct grant_room room;

    assert_int_equal(store_grant_room(k->st, k->arena, grant, &room), OK);
    return room;
}

static void
at_the_bound_of_a_partner_its_oldest_is_named(void **state)
{
    struct kit *k = *state;
    struct stored_grant grant = a_grant("new");

    grant.offline = 0;
    insert_many(k, grant, 0, GRANTS_OF_PARTNER_MAX - 1);
    assert_null(room_for(k, &grant).beyond);
    insert_many(k, grant, GRANTS_OF_PARTNER_MAX - 1, GRANTS_OF_PARTNER_MAX);
    assert_string_equal(room_for(k, &grant).beyond, "g0000");
    assert_int_equal(room_for(k, &grant).session_full, 0);
    assert_int_equal(store_grant_end(k->st, "g0007", 20), OK);
    assert_null(room_for(k, &grant).beyond);
    grant.approval.sid = "s2";
    assert_null(room_for(k, &grant).beyond);
}

static void
at_the_bound_of_a_session_or_a_person_it_is_full(void **state)
{
    struct kit *k = *state;
    struct stored_grant grant = a_grant("new");

    insert_many(k, grant, 0, GRANTS_OF_SESSION_MAX);
    grant.created_at = 20;
    assert_int_equal(room_for(k, &grant).session_full, 1);
    assert_int_equal(room_for(k, &grant).person_full, 0);
    grant.approval.sid = "s2";
    assert_int_equal(room_for(k, &grant).session_full, 0);
    insert_many(k, grant, GRANTS_OF_SESSION_MAX, GRANTS_OFFLINE_MAX);
    grant.created_at = 20;
    grant.approval.sid = "s3";
    assert_int_equal(room_for(k, &grant).person_full, 1);
    grant.offline = 0;
    assert_int_equal(room_for(k, &grant).person_full, 0);
    grant.offline = 1;
    grant.approval.subject.id = "p2";
    assert_int_equal(room_for(k, &grant).person_full, 0);
}

static enum err
rotate(struct store *st, int thread, void *ctx)
{
    struct arena *arena = arena_new(4096);
    struct stored_grant read;
    enum err err = store_grant_rotate(st, arena, ctx, &read);

    (void)thread;
    arena_free(arena);
    return err;
}

static void
of_16_threads_exactly_one_rotates_a_generation(void **state)
{
    struct kit *k = *state;
    struct stored_grant grant = a_grant("g1");
    struct grant_turn turn = { "g1", 1, 20 };
    enum err outcomes[KIT_THREADS_MAX];

    assert_int_equal(store_grant_insert(k->st, &grant), OK);
    kit_race(k->db, 16, rotate, &turn, outcomes);

    assert_int_equal(kit_count(outcomes, 16, OK), 1);
    assert_int_equal(kit_count(outcomes, 16, ERR_NOT_FOUND), 15);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_grant_comes_back_as_stored),
        kit_test(a_generation_is_rotated_once_and_no_row_is_added),
        kit_test(an_ended_or_expired_grant_is_not_rotated),
        kit_test(a_grant_is_ended_once),
        kit_test(the_live_grants_that_end_with_a_session_are_listed),
        kit_test(the_live_grants_of_a_person_are_listed_offline_ones_too),
        kit_test(all_grants_are_walked_page_by_page),
        kit_test(the_partners_of_a_session_are_listed_each_once),
        kit_test(at_the_bound_of_a_partner_its_oldest_is_named),
        kit_test(at_the_bound_of_a_session_or_a_person_it_is_full),
        kit_test(of_16_threads_exactly_one_rotates_a_generation),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
