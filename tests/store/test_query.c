/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "idp/base/metrics.h"
#include "idp/store/driver.h"
#include "tests/store_kit.h"

struct value {
    int64_t id;
    const char *text;
    int64_t number;
    struct bytes bytes;
};

static enum err
create_table(struct store *st, void *ctx)
{
    (void)ctx;
    return st->db->driver->script(
        st, "CREATE TABLE value (id BIGINT PRIMARY KEY, text TEXT, number BIGINT, bytes BYTEA)");
}

static enum err
delete_all(struct store *st)
{
    static const char sql[] = "DELETE FROM value";

    return store_run(st, &(struct query) { .sql = sql });
}

static int
group_setup(void **state)
{
    struct store *st = store_open(kit_database_open());
    enum err err = store_change(st, create_table, NULL);

    (void)state;
    store_close(st);
    return err == OK ? 0 : -1;
}

static int
setup(void **state)
{
    struct kit *k;

    if (kit_setup(state) != 0)
        return -1;
    k = *state;
    return delete_all(k->st) == OK ? 0 : -1;
}

static enum err
insert(struct store *st, const struct value *value)
{
    static const char sql[] = "INSERT INTO value (id, text, number, bytes) VALUES ($1, $2, $3, $4)";
    const struct arg args[] = { arg_int(value->id), arg_text(value->text), arg_int(value->number),
                                arg_bytes(value->bytes), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

static enum err
insert_id(struct store *st, int64_t id)
{
    return insert(st, &(struct value) { .id = id });
}

static struct value
read_back(struct kit *k, int64_t id)
{
    static const char sql[] = "SELECT id, text, number, bytes FROM value WHERE id = $1";
    struct value value = { .text = "unset", .bytes = bytes_of("unset", 5) };
    const struct arg args[] = { arg_int(id), ARG_END };
    const struct out outs[] = { out_int(&value.id), out_text(&value.text), out_int(&value.number),
                                out_bytes(&value.bytes), OUT_END };

    assert_int_equal(
        store_run(k->st,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = k->arena }),
        OK);
    return value;
}

static int64_t
count(struct kit *k)
{
    static const char sql[] = "SELECT COUNT(*) FROM value";
    int64_t rows = -1;
    const struct out outs[] = { out_int(&rows), OUT_END };

    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return rows;
}

/* --- Values --- */

/* HT-25: nothing in a value is ever taken for SQL, and every character comes back as it was. */
static void
texts_come_back_as_they_were(void **state)
{
    static const char *const texts[] = { "",
                                         "plain",
                                         "'; DROP TABLE value; --",
                                         "\"quoted\" `too` \\ back",
                                         "$1 ?1 :a @b %s %n {} ${x}",
                                         "tab\tnewline\nreturn\r",
                                         "张三·李四",
                                         "𠮷𬎆😀",
                                         "NULL",
                                         "\x7f" };
    struct kit *k = *state;

    for (int i = 0; i < (int)(sizeof(texts) / sizeof(texts[0])); i++) {
        assert_int_equal(insert(k->st, &(struct value) { .id = i, .text = texts[i] }), OK);
        assert_string_equal(read_back(k, i).text, texts[i]);
    }
}

static void
numbers_come_back_over_the_whole_range(void **state)
{
    static const int64_t numbers[] = { 0, 1, -1, 256, INT64_MAX, INT64_MIN };
    struct kit *k = *state;

    for (int i = 0; i < (int)(sizeof(numbers) / sizeof(numbers[0])); i++) {
        assert_int_equal(insert(k->st, &(struct value) { .id = i, .number = numbers[i] }), OK);
        assert_true(read_back(k, i).number == numbers[i]);
    }
}

static void
bytes_come_back_whatever_they_are(void **state)
{
    struct kit *k = *state;
    uint8_t all[256];
    struct value value;

    for (int i = 0; i < 256; i++)
        all[i] = (uint8_t)i;
    assert_int_equal(insert(k->st, &(struct value) { .id = 1, .bytes = bytes_of(all, 256) }), OK);

    value = read_back(k, 1);
    assert_int_equal(value.bytes.size, 256);
    assert_memory_equal(value.bytes.at, all, 256);
}

static void
nothing_and_empty_are_told_apart(void **state)
{
    struct kit *k = *state;
    struct value value;

    assert_int_equal(insert(k->st, &(struct value) { .id = 1 }), OK);
    value = read_back(k, 1);
    assert_null(value.text);
    assert_null(value.bytes.at);
    assert_int_equal(value.bytes.size, 0);

    assert_int_equal(
        insert(k->st, &(struct value) { .id = 2, .text = "", .bytes = bytes_of("", 0) }), OK);
    value = read_back(k, 2);
    assert_string_equal(value.text, "");
    assert_non_null(value.bytes.at);
    assert_int_equal(value.bytes.size, 0);
}

static void
a_null_number_is_read_as_zero(void **state)
{
    static const char sql[] = "SELECT MAX(number) FROM value";
    struct kit *k = *state;
    int64_t number = 7;
    const struct out outs[] = { out_int(&number), OUT_END };

    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    assert_int_equal(number, 0);
}

static void
a_digest_must_have_32_bytes(void **state)
{
    static const char sql[] = "SELECT bytes FROM value WHERE id = $1";
    struct kit *k = *state;
    struct digest digest = kit_digest(3);
    struct digest read;
    const struct arg first[] = { arg_int(1), ARG_END };
    const struct arg second[] = { arg_int(2), ARG_END };
    const struct out outs[] = { out_digest(&read), OUT_END };

    assert_int_equal(insert(k->st, &(struct value) { 1, NULL, 0, bytes_of(digest.bytes, 32) }), OK);
    assert_int_equal(insert(k->st, &(struct value) { 2, NULL, 0, bytes_of(digest.bytes, 31) }), OK);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .args = first, .outs = outs }),
                     OK);
    assert_memory_equal(read.bytes, digest.bytes, 32);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .args = second, .outs = outs }),
                     ERR_INTERNAL);
}

static void
parameters_are_numbered_and_may_be_used_in_any_order(void **state)
{
    static const char sql[] = "SELECT number FROM value WHERE text = $2 AND id = $1";
    struct kit *k = *state;
    int64_t number = 0;
    const struct arg args[] = { arg_int(5), arg_text("five"), ARG_END };
    const struct out outs[] = { out_int(&number), OUT_END };

    assert_int_equal(insert(k->st, &(struct value) { .id = 5, .text = "five", .number = 55 }), OK);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .args = args, .outs = outs }),
                     OK);
    assert_int_equal(number, 55);
}

/* --- Rows --- */

struct sum {
    int64_t id;
    int64_t total;
    int64_t stop_at;
};

static enum err
add_up(void *ctx)
{
    struct sum *sum = ctx;

    sum->total += sum->id;
    return sum->id == sum->stop_at ? ERR_EXPIRED : OK;
}

static enum err
sum_ids(struct store *st, struct sum *sum)
{
    static const char sql[] = "SELECT id FROM value ORDER BY id";
    const struct out outs[] = { out_int(&sum->id), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .outs = outs, .each = add_up, .ctx = sum });
}

static void
each_sees_every_row_until_it_returns_an_error(void **state)
{
    struct kit *k = *state;
    struct sum all = { .stop_at = -1 };
    struct sum some = { .stop_at = 2 };

    for (int64_t id = 1; id <= 3; id++)
        assert_int_equal(insert_id(k->st, id), OK);
    assert_int_equal(sum_ids(k->st, &all), OK);
    assert_int_equal(all.total, 6);
    assert_int_equal(sum_ids(k->st, &some), ERR_EXPIRED);
    assert_int_equal(some.total, 3);
}

static void
no_row_is_ok_for_each_and_not_found_for_one(void **state)
{
    static const char sql[] = "SELECT id FROM value";
    struct kit *k = *state;
    struct sum sum = { .stop_at = -1 };
    int64_t id;
    const struct out outs[] = { out_int(&id), OUT_END };

    assert_int_equal(sum_ids(k->st, &sum), OK);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), ERR_NOT_FOUND);
}

static void
changed_counts_the_rows_of_a_change_and_none_of_a_reading(void **state)
{
    static const char update[] = "UPDATE value SET number = 1 WHERE id > $1";
    static const char select[] = "SELECT id FROM value WHERE id > $1";
    struct kit *k = *state;
    int64_t changed = -1;
    const struct arg args[] = { arg_int(1), ARG_END };
    struct query query = { .sql = update, .args = args, .changed = &changed };

    for (int64_t id = 1; id <= 3; id++)
        assert_int_equal(insert_id(k->st, id), OK);
    assert_int_equal(store_run(k->st, &query), OK);
    assert_int_equal(changed, 2);
    query.sql = select;
    assert_int_equal(store_run(k->st, &query), OK);
    assert_int_equal(changed, 0);
}

static void
a_change_of_many_rows_that_returns_one_changes_all(void **state)
{
    static const char sql[] = "UPDATE value SET number = 9 RETURNING number";
    struct kit *k = *state;
    int64_t number = 0;
    const struct out outs[] = { out_int(&number), OUT_END };

    for (int64_t id = 1; id <= 3; id++)
        assert_int_equal(insert_id(k->st, id), OK);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    assert_int_equal(number, 9);
    for (int64_t id = 1; id <= 3; id++)
        assert_int_equal(read_back(k, id).number, 9);
}

static void
a_statement_that_makes_no_sense_is_a_bug(void **state)
{
    static const char sql[] = "SELECT nothing FROM nowhere";
    struct kit *k = *state;
    int64_t errors = metric_read(METRIC_STORE_ERRORS);

    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql }), ERR_INTERNAL);
    assert_int_equal(metric_read(METRIC_STORE_ERRORS), errors + 1);
    assert_int_equal(insert_id(k->st, 1), OK);
}

static void
statements_and_commits_are_counted(void **state)
{
    struct kit *k = *state;
    int64_t statements = metric_read(METRIC_STORE_STATEMENTS);
    int64_t commits = metric_read(METRIC_STORE_COMMITS);

    assert_int_equal(insert_id(k->st, 1), OK);
    assert_int_equal(count(k), 1);
    assert_int_equal(metric_read(METRIC_STORE_STATEMENTS), statements + 2);
    assert_int_equal(metric_read(METRIC_STORE_COMMITS), commits + 1);
}

#define value_test(name) cmocka_unit_test_setup_teardown(name, setup, kit_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(texts_come_back_as_they_were),
        value_test(numbers_come_back_over_the_whole_range),
        value_test(bytes_come_back_whatever_they_are),
        value_test(nothing_and_empty_are_told_apart),
        value_test(a_null_number_is_read_as_zero),
        value_test(a_digest_must_have_32_bytes),
        value_test(parameters_are_numbered_and_may_be_used_in_any_order),
        value_test(each_sees_every_row_until_it_returns_an_error),
        value_test(no_row_is_ok_for_each_and_not_found_for_one),
        value_test(changed_counts_the_rows_of_a_change_and_none_of_a_reading),
        value_test(a_change_of_many_rows_that_returns_one_changes_all),
        value_test(a_statement_that_makes_no_sense_is_a_bug),
        value_test(statements_and_commits_are_counted),
    };

    return cmocka_run_group_tests(tests, group_setup, kit_group_teardown);
}
