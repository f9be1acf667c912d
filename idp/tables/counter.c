/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/counter.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_counter, counter_id),
    COLUMN(COLUMN_TEXT, struct stored_counter, place),
    COLUMN(COLUMN_TEXT, struct stored_counter, agency),
    COLUMN(COLUMN_TEXT, struct stored_counter, region),
    COLUMN(COLUMN_INT, struct stored_counter, state),
    COLUMN(COLUMN_TEXT, struct stored_counter, certificate),
    COLUMN(COLUMN_BYTES, struct stored_counter, secret),
    COLUMN(COLUMN_BYTES, struct stored_counter, code),
    COLUMN(COLUMN_INT, struct stored_counter, code_until),
    COLUMN(COLUMN_TEXT, struct stored_counter, sid),
    COLUMN(COLUMN_INT, struct stored_counter, created_at),
    COLUMN(COLUMN_INT, struct stored_counter, enrolled_at),
    COLUMN(COLUMN_INT, struct stored_counter, retired_at),
    COLUMNS_END,
};

enum err
store_counter_insert(struct store *st, const struct stored_counter *counter)
{
    static struct row_statement insert = { "INSERT INTO counter ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, counter);
}

enum err
store_counter_load(struct store *st, struct arena *arena, const char *counter_id,
                   struct stored_counter *out)
{
    static struct row_statement find = { "SELECT {columns} FROM counter WHERE counter_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(counter_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_counter_list(struct store *st, struct arena *arena, const char *after,
                   struct stored_counter_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM counter WHERE counter_id > $1"
                                         " ORDER BY counter_id LIMIT $2",
                                         columns, NULL };
    const struct arg args[] = { arg_text(after), arg_int(COUNTER_PAGE), ARG_END };
    struct stored_counter row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct stored_counter_list) { rows.at, rows.count };
    return err;
}

enum err
store_counter_code(struct store *st, const char *counter_id, const struct digest *code,
                   unix_s until)
{
    static const char sql[] = "UPDATE counter SET code = $2, code_until = $3"
                              " WHERE counter_id = $1 AND retired_at = 0";
    const struct arg args[] = { arg_text(counter_id), arg_digest(code), arg_time(until), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_counter_enrol(struct store *st, const struct stored_counter *enrolled,
                    const struct digest *code)
{
    static const char sql[] = "UPDATE counter SET state = $6, secret = $3, certificate = $4,"
                              " code = NULL, code_until = 0, enrolled_at = $5"
                              " WHERE counter_id = $1 AND code = $2 AND code_until > $5"
                              " AND retired_at = 0";
    const struct arg args[] = { arg_text(enrolled->counter_id),
                                arg_digest(code),
                                arg_bytes(enrolled->secret),
                                arg_text(enrolled->certificate),
                                arg_time(enrolled->enrolled_at),
                                arg_int(COUNTER_ENROLLED),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_counter_retire(struct store *st, const char *counter_id, unix_s now)
{
    static const char sql[] = "UPDATE counter SET state = $3, certificate = '', secret = NULL,"
                              " code = NULL, code_until = 0, retired_at = $2"
                              " WHERE counter_id = $1 AND retired_at = 0";
    const struct arg args[] = { arg_text(counter_id), arg_time(now), arg_int(COUNTER_RETIRED),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
