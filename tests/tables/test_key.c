/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/key.h"
#include "tests/store_kit.h"

static struct stored_key
a_key(const char *key_id, unix_s created_at)
{
    return (struct stored_key) { .key_id = key_id,
                                 .purpose = 1,
                                 .alg = "ES256",
                                 .state = 1,
                                 .serial = 7,
                                 .wrapped = bytes_of("\0wrapped\xff", 9),
                                 .created_at = created_at,
                                 .next_at = 50 };
}

static void
keys_come_back_as_stored_oldest_first(void **state)
{
    struct kit *k = *state;
    struct stored_key newer = a_key("newer", 20);
    struct stored_key older = a_key("older", 10);
    struct key_list list;

    assert_int_equal(store_key_insert(k->st, &newer), OK);
    assert_int_equal(store_key_insert(k->st, &older), OK);
    assert_int_equal(store_key_list(k->st, k->arena, &list), OK);

    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].key_id, "older");
    assert_string_equal(list.at[1].key_id, "newer");
    assert_string_equal(list.at[0].alg, "ES256");
    assert_int_equal(list.at[0].purpose, 1);
    assert_int_equal(list.at[0].state, 1);
    assert_int_equal(list.at[0].serial, 7);
    assert_int_equal(list.at[0].wrapped.size, 9);
    assert_memory_equal(list.at[0].wrapped.at, older.wrapped.at, 9);
    assert_int_equal(list.at[0].created_at, 10);
    assert_int_equal(list.at[0].next_at, 50);
}

static void
a_key_id_is_taken_once(void **state)
{
    struct kit *k = *state;
    struct stored_key key = a_key("k", 10);

    assert_int_equal(store_key_insert(k->st, &key), OK);
    assert_int_equal(store_key_insert(k->st, &key), ERR_CONFLICT);
}

static void
a_key_moves_only_from_the_state_it_is_in(void **state)
{
    struct kit *k = *state;
    struct stored_key key = a_key("k", 10);
    struct key_list list;

    assert_int_equal(store_key_insert(k->st, &key), OK);
    assert_int_equal(store_key_move(k->st, "k", 1, 2, 60), OK);
    assert_int_equal(store_key_move(k->st, "k", 1, 2, 70), ERR_CONFLICT);
    assert_int_equal(store_key_move(k->st, "absent", 1, 2, 70), ERR_CONFLICT);

    assert_int_equal(store_key_list(k->st, k->arena, &list), OK);
    assert_int_equal(list.at[0].state, 2);
    assert_int_equal(list.at[0].next_at, 60);
}

static void
a_deleted_key_is_gone(void **state)
{
    struct kit *k = *state;
    struct stored_key key = a_key("k", 10);
    struct key_list list;

    assert_int_equal(store_key_insert(k->st, &key), OK);
    assert_int_equal(store_key_delete(k->st, "k"), OK);
    assert_int_equal(store_key_delete(k->st, "k"), ERR_NOT_FOUND);

    assert_int_equal(store_key_list(k->st, k->arena, &list), OK);
    assert_int_equal(list.count, 0);
}

static void
there_is_a_bounded_number(void **state)
{
    struct kit *k = *state;
    struct key_list list;

    assert_int_equal(store_begin(k->st), OK);
    for (int i = 0; i < KEY_ROWS_MAX; i++) {
        struct stored_key key = a_key(arena_printf(k->arena, "k%03d", i), 10);

        assert_int_equal(store_key_insert(k->st, &key), OK);
    }
    assert_int_equal(store_commit(k->st), OK);
    struct stored_key one_more = a_key("one more", 10);
    assert_int_equal(store_key_insert(k->st, &one_more), ERR_FULL);
    assert_int_equal(store_key_list(k->st, k->arena, &list), OK);
    assert_int_equal(list.count, KEY_ROWS_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(keys_come_back_as_stored_oldest_first),
        kit_test(a_key_id_is_taken_once),
        kit_test(a_key_moves_only_from_the_state_it_is_in),
        kit_test(a_deleted_key_is_gone),
        kit_test(there_is_a_bounded_number),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
