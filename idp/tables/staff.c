/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/staff.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_staff, staff_id),
    COLUMN(COLUMN_BYTES, struct stored_staff, person_key),
    COLUMN(COLUMN_BYTES, struct stored_staff, name_sealed),
    COLUMN(COLUMN_TEXT, struct stored_staff, roles),
    COLUMN(COLUMN_TEXT, struct stored_staff, agency),
    COLUMN(COLUMN_TEXT, struct stored_staff, region),
    COLUMN(COLUMN_INT, struct stored_staff, state),
    COLUMN(COLUMN_BYTES, struct stored_staff, totp_sealed),
    COLUMN(COLUMN_TEXT, struct stored_staff, certificate),
    COLUMN(COLUMN_INT, struct stored_staff, enrolled_at),
    COLUMN(COLUMN_BYTES, struct stored_staff, code),
    COLUMN(COLUMN_INT, struct stored_staff, code_until),
    COLUMN(COLUMN_INT, struct stored_staff, checked_at),
    COLUMN(COLUMN_TEXT, struct stored_staff, sid),
    COLUMN(COLUMN_INT, struct stored_staff, open_until),
    COLUMN(COLUMN_INT, struct stored_staff, seen_at),
    COLUMN(COLUMN_INT, struct stored_staff, created_at),
    COLUMNS_END,
};

enum err
store_staff_load(struct store *st, struct arena *arena, const char *staff_id,
                 struct stored_staff *out)
{
    static struct row_statement find = { "SELECT {columns} FROM staff WHERE staff_id = $1", columns,
                                         NULL };
    const struct arg args[] = { arg_text(staff_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_staff_put(struct store *st, const struct stored_staff *staff)
{
    static struct row_statement update = { "UPDATE staff SET {sets} WHERE staff_id = $1", columns,
                                           NULL };
    static struct row_statement insert = { "INSERT INTO staff ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_put(st, &update, &insert, staff);
}

/* One who never signed in is looked at by when she was first heard of. */
enum err
store_staff_listed(struct store *st, struct arena *arena, const struct staff_listed *which,
                   struct listed_staff_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM staff WHERE staff_id > $1 AND ($2 = '' OR agency = $2)"
        " AND ($3 = '' OR region = $3)"
        " AND ($4 = $5 OR (state = $6 AND seen_at < $4 AND created_at < $4))"
        " ORDER BY staff_id LIMIT $7",
        columns, NULL
    };
    const struct arg args[] = { arg_text(which->after),     arg_text(which->agency),
                                arg_text(which->region),    arg_time(which->unused_since),
                                arg_time(TIME_NEVER),       arg_int(STAFF_ACTIVE),
                                arg_int(STAFF_LISTED_PAGE), ARG_END };
    struct stored_staff row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct listed_staff_list) { rows.at, rows.count };
    return err;
}
