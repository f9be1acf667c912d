/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/staff_watch.h"

#include "idp/store/row.h"
#include "idp/tables/staff.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct watched_staff, staff_id),
    COLUMN(COLUMN_BYTES, struct watched_staff, person_key),
    COLUMN(COLUMN_TEXT, struct watched_staff, roles),
    COLUMN(COLUMN_TEXT, struct watched_staff, agency),
    COLUMN(COLUMN_TEXT, struct watched_staff, region),
    COLUMN(COLUMN_INT, struct watched_staff, checked_at),
    COLUMNS_END,
};

enum err
store_staff_due(struct store *st, struct arena *arena, unix_s checked_by, unix_s now,
                struct watched_staff_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM staff WHERE open_until > 0"
                                         " AND open_until > $2 AND checked_at <= $1"
                                         " ORDER BY checked_at LIMIT $3",
                                         columns, NULL };
    const struct arg args[] = { arg_time(checked_by), arg_time(now), arg_int(WATCHED_STAFF_PAGE),
                                ARG_END };
    struct watched_staff row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct watched_staff_list) { rows.at, rows.count };
    return err;
}

enum err
store_staff_told(struct store *st, const struct watched_staff *told)
{
    static const char sql[] = "UPDATE staff SET person_key = $2, roles = $3, agency = $4,"
                              " region = $5, checked_at = $6 WHERE staff_id = $1";
    const struct arg args[] = { arg_text(told->staff_id),
                                arg_bytes(told->person_key),
                                arg_text(told->roles),
                                arg_text(told->agency),
                                arg_text(told->region),
                                arg_time(told->checked_at),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

/* Whom somebody here has stopped stays so. */
enum err
store_staff_gone(struct store *st, const char *staff_id, unix_s now)
{
    static const char sql[] =
        "UPDATE staff SET state = CASE WHEN state = $2 THEN $3 ELSE state END,"
        " open_until = 0, checked_at = $4 WHERE staff_id = $1";
    const struct arg args[] = { arg_text(staff_id), arg_int(STAFF_ACTIVE), arg_int(STAFF_GONE),
                                arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_staff_closed(struct store *st, const char *staff_id)
{
    static const char sql[] = "UPDATE staff SET open_until = 0 WHERE staff_id = $1";
    const struct arg args[] = { arg_text(staff_id), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
