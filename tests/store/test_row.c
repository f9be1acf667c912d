/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "idp/store/row.h"
#include "tests/store_kit.h"

struct inner {
    const char *word;
    int64_t number;
};

struct mapped {
    const char *id;
    struct inner inner;
    struct bytes bytes;
    struct digest digest;
};

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct mapped, id),
    COLUMN_AS(COLUMN_TEXT, "word", struct mapped, inner.word),
    COLUMN_AS(COLUMN_INT, "number", struct mapped, inner.number),
    COLUMN(COLUMN_BYTES, struct mapped, bytes),
    COLUMN(COLUMN_DIGEST, struct mapped, digest),
    COLUMNS_END,
};

static void
table_make(struct kit *k)
{
    static const char drop[] = "DROP TABLE IF EXISTS mapped";
    static const char make[] = "CREATE TABLE mapped (id TEXT PRIMARY KEY, word TEXT NOT NULL,"
                               " number BIGINT NOT NULL, bytes BYTEA, digest BYTEA)";

    assert_int_equal(kit_run(k->st, drop), OK);
    assert_int_equal(kit_run(k->st, make), OK);
}

static enum err
put(struct kit *k, const struct mapped *row)
{
    static struct row_statement insert = { "INSERT INTO mapped ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(k->st, &insert, row);
}

static enum err
put_again(struct kit *k, const struct mapped *row)
{
    static struct row_statement update = { "UPDATE mapped SET {sets} WHERE id = $1", columns,
                                           NULL };
    static struct row_statement insert = { "INSERT INTO mapped ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_put(k->st, &update, &insert, row);
}

static enum err
find(struct kit *k, const char *id, struct mapped *out)
{
    static struct row_statement find = { "SELECT {columns} FROM mapped WHERE id = $1", columns,
                                         NULL };
    const struct arg args[] = { arg_text(id), ARG_END };

    return row_find(k->st, &find, args, k->arena, out);
}

static struct mapped
a_row(const char *id)
{
    return (struct mapped) { id, { "w", 7 }, bytes_of_text("bytes"), kit_digest(3) };
}

static void
the_text_names_every_column_in_order(void **state)
{
    static struct row_statement insert = { "INSERT INTO x ({columns}) VALUES ({values})", columns,
                                           NULL };

    (void)state;
    assert_string_equal(row_sql(&insert), "INSERT INTO x (id, word, number, bytes, digest)"
                                          " VALUES ($1, $2, $3, $4, $5)");
    assert_ptr_equal(row_sql(&insert), row_sql(&insert));
}

static void
what_is_set_is_every_column_but_the_key(void **state)
{
    static struct row_statement update = { "UPDATE x SET {sets} WHERE id = $1", columns, NULL };

    (void)state;
    assert_string_equal(row_sql(&update), "UPDATE x SET word = $2, number = $3, bytes = $4,"
                                          " digest = $5 WHERE id = $1");
}

static void
a_row_comes_back_as_it_was_put_nested_members_too(void **state)
{
    struct kit *k = *state;
    struct mapped row = a_row("a");
    struct mapped read;

    table_make(k);
    assert_int_equal(put(k, &row), OK);
    assert_int_equal(put(k, &row), ERR_CONFLICT);
    assert_int_equal(find(k, "a", &read), OK);
    assert_string_equal(read.inner.word, "w");
    assert_int_equal(read.inner.number, 7);
    assert_memory_equal(read.bytes.at, "bytes", 5);
    assert_memory_equal(&read.digest, &row.digest, sizeof(row.digest));
    assert_int_equal(find(k, "b", &read), ERR_NOT_FOUND);
}

static void
a_row_that_is_put_again_takes_the_place_of_its_key_and_of_no_other(void **state)
{
    struct kit *k = *state;
    struct mapped row = a_row("a");
    struct mapped other = a_row("b");
    struct mapped read;

    table_make(k);
    assert_int_equal(put_again(k, &row), OK);
    assert_int_equal(put_again(k, &other), OK);
    row.inner = (struct inner) { "x", 8 };
    assert_int_equal(put_again(k, &row), OK);
    assert_int_equal(find(k, "a", &read), OK);
    assert_string_equal(read.inner.word, "x");
    assert_int_equal(read.inner.number, 8);
    assert_memory_equal(&read.digest, &row.digest, sizeof(row.digest));
    assert_int_equal(find(k, "b", &read), OK);
    assert_string_equal(read.inner.word, "w");
}

static void
a_text_that_is_not_set_is_stored_as_empty(void **state)
{
    static struct row_statement list = { "SELECT {columns} FROM mapped ORDER BY id LIMIT $1",
                                         columns, NULL };
    struct kit *k = *state;
    struct mapped row = a_row("a");
    struct mapped other = a_row("b");
    struct rows rows = rows_of(k->arena, &other, sizeof(other));

    table_make(k);
    row.inner.word = NULL;
    assert_int_equal(put(k, &row), OK);
    assert_int_equal(put(k, &other), OK);
    assert_int_equal(row_list(k->st, &list, (struct arg[]) { arg_int(10), ARG_END }, &rows), OK);
    assert_int_equal(rows.count, 2);
    assert_string_equal(((struct mapped *)rows.at)[0].inner.word, "");
    assert_string_equal(((struct mapped *)rows.at)[1].inner.word, "w");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(the_text_names_every_column_in_order),
        kit_test(a_row_comes_back_as_it_was_put_nested_members_too),
        kit_test(what_is_set_is_every_column_but_the_key),
        kit_test(a_row_that_is_put_again_takes_the_place_of_its_key_and_of_no_other),
        kit_test(a_text_that_is_not_set_is_stored_as_empty),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
