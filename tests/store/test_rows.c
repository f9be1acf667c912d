/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/store/rows.h"
#include "tests/store_kit.h"

static const char insert[] = "INSERT INTO epoch (name, value) VALUES ('extra', $1)";
static const char update[] = "UPDATE epoch SET value = $1 WHERE name = 'extra'";
static const char delete[] = "DELETE FROM epoch WHERE name = 'extra'";
static const char select[] = "SELECT value FROM epoch WHERE name = 'extra'";

static int
setup(void **state)
{
    struct kit *k;

    if (kit_setup(state) != 0)
        return -1;
    k = *state;
    return store_run(k->st, &(struct query) { .sql = delete }) == OK ? 0 : -1;
}

static void
rows_grow_and_keep_their_order(void **state)
{
    struct kit *k = *state;
    int64_t row = 0;
    struct rows rows = rows_of(k->arena, &row, sizeof(row));

    for (row = 0; row < 1000; row++)
        assert_int_equal(rows_add(&rows), OK);
    assert_int_equal(rows.count, 1000);
    for (int64_t i = 0; i < 1000; i++)
        assert_int_equal(((int64_t *)rows.at)[i], i);
}

static void
a_query_is_read_into_rows(void **state)
{
    static const char sql[] = "SELECT name FROM epoch ORDER BY name";
    struct kit *k = *state;
    const char *row = NULL;
    struct rows rows = rows_of(k->arena, &row, sizeof(row));
    const struct out outs[] = { out_text(&row), OUT_END };

    assert_int_equal(rows_read(k->st, (struct query) { .sql = sql, .outs = outs }, &rows), OK);
    assert_int_equal(rows.count, 6);
    assert_string_equal(((const char **)rows.at)[0], "card_epoch");
    assert_string_equal(((const char **)rows.at)[5], "revocation");
}

static void
a_change_of_no_row_is_what_the_caller_calls_it(void **state)
{
    struct kit *k = *state;
    const struct arg args[] = { arg_int(1), ARG_END };

    assert_int_equal(change_one(k->st, update, args, ERR_EXPIRED), ERR_EXPIRED);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = insert, .args = args }), OK);
    assert_int_equal(change_one(k->st, update, args, ERR_EXPIRED), OK);
}

static void
a_row_is_inserted_first_and_changed_after(void **state)
{
    struct kit *k = *state;
    int64_t value = 0;
    const struct out outs[] = { out_int(&value), OUT_END };

    for (int64_t i = 5; i < 7; i++) {
        const struct arg args[] = { arg_int(i), ARG_END };

        assert_int_equal(change_or_insert(k->st, update, insert, args), OK);
        assert_int_equal(store_run(k->st, &(struct query) { .sql = select, .outs = outs }), OK);
        assert_int_equal(value, i);
    }
}

static void
a_row_is_there_or_not(void **state)
{
    struct kit *k = *state;
    bool there = true;

    assert_int_equal(row_exists(k->st, select, NULL, &there), OK);
    assert_false(there);
    assert_int_equal(
        change_or_insert(k->st, update, insert, (struct arg[]) { arg_int(0), ARG_END }), OK);
    assert_int_equal(row_exists(k->st, select, NULL, &there), OK);
    assert_true(there);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_grow_and_keep_their_order, setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_query_is_read_into_rows, setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_change_of_no_row_is_what_the_caller_calls_it, setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(a_row_is_inserted_first_and_changed_after, setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(a_row_is_there_or_not, setup, kit_teardown),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
