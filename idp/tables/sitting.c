/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/sitting.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_sitting, sid),
    COLUMN(COLUMN_TEXT, struct stored_sitting, staff_id),
    COLUMN(COLUMN_TEXT, struct stored_sitting, counter_id),
    COLUMN(COLUMN_INT, struct stored_sitting, locked_at),
    COLUMN(COLUMN_INT, struct stored_sitting, begun_at),
    COLUMN(COLUMN_INT, struct stored_sitting, expires_at),
    COLUMNS_END,
};

enum err
store_sitting_insert(struct store *st, const struct stored_sitting *sitting)
{
    static struct row_statement insert = { "INSERT INTO sitting ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, sitting);
}

enum err
store_sitting_load(struct store *st, struct arena *arena, const char *sid,
                   struct stored_sitting *out)
{
    static struct row_statement find = { "SELECT {columns} FROM sitting WHERE sid = $1", columns,
                                         NULL };
    const struct arg args[] = { arg_text(sid), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_sitting_lock(struct store *st, const char *sid, unix_s locked_at)
{
    static const char sql[] = "UPDATE sitting SET locked_at = $2 WHERE sid = $1";
    const struct arg args[] = { arg_text(sid), arg_time(locked_at), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
