/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/feed.h"
#include "tests/store_kit.h"

static enum err
move(struct store *st, int64_t from, int64_t to)
{
    const struct stored_feed feed = { "cards", to, 100 + to, 200 + to };

    return store_feed_move(st, &feed, from);
}

static void
it_moves_from_where_it_stands_alone(void **state)
{
    struct kit *k = *state;
    struct stored_feed feed;

    assert_int_equal(store_feed_find(k->st, "cards", &feed), ERR_NOT_FOUND);
    assert_string_equal(feed.name, "cards");
    assert_int_equal(move(k->st, 5, 6), ERR_CONFLICT);
    assert_int_equal(move(k->st, 0, 3), OK);
    assert_int_equal(move(k->st, 0, 4), ERR_CONFLICT);
    assert_int_equal(move(k->st, 3, 3), OK);
    assert_int_equal(move(k->st, 3, 9), OK);
    assert_int_equal(move(k->st, 3, 10), ERR_CONFLICT);
    assert_int_equal(store_feed_find(k->st, "cards", &feed), OK);
    assert_int_equal(feed.position, 9);
    assert_int_equal(feed.as_of, 109);
    assert_int_equal(feed.pulled_at, 209);
    assert_int_equal(store_feed_find(k->st, "others", &feed), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(it_moves_from_where_it_stands_alone),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
