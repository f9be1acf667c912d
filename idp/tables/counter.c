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
store_counter_sit(struct store *st, const char *counter_id, const char *sid)
{
    static const char sql[] = "UPDATE counter SET sid = $2 WHERE counter_id = $1 AND state = $3";
    const struct arg args[] = { arg_text(counter_id), arg_text(sid), arg_int(COUNTER_ENROLLED),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
