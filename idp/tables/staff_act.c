/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/staff_act.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_staff_act, person_id),
    COLUMN(COLUMN_TEXT, struct stored_staff_act, act_id),
    COLUMN(COLUMN_INT, struct stored_staff_act, at),
    COLUMN(COLUMN_INT, struct stored_staff_act, what),
    COLUMN(COLUMN_TEXT, struct stored_staff_act, staff_id),
    COLUMN(COLUMN_TEXT, struct stored_staff_act, agency),
    COLUMN(COLUMN_TEXT, struct stored_staff_act, counter_id),
    COLUMN(COLUMN_TEXT, struct stored_staff_act, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_staff_act, business),
    COLUMN(COLUMN_TEXT, struct stored_staff_act, reason),
    COLUMNS_END,
};

enum err
store_staff_act_insert(struct store *st, const struct stored_staff_act *act)
{
    static struct row_statement insert = { "INSERT INTO staff_act ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, act);
}

enum err
store_staff_act_load(struct store *st, struct arena *arena, const char *person_id,
                     const char *act_id, struct stored_staff_act *out)
{
    static struct row_statement load = { "SELECT {columns} FROM staff_act WHERE person_id = $1"
                                         " AND act_id = $2",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_text(act_id), ARG_END };

    return row_find(st, &load, args, arena, out);
}

enum err
store_staff_act_list(struct store *st, struct arena *arena, const char *person_id,
                     const struct staff_act_place *after, struct stored_staff_act_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM staff_act WHERE person_id = $1"
                                         " AND at <= $2 AND (at < $2 OR act_id < $3)"
                                         " ORDER BY at DESC, act_id DESC LIMIT $4",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_time(after->at), arg_text(after->act_id),
                                arg_int(STAFF_ACT_PAGE), ARG_END };
    struct stored_staff_act row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct stored_staff_act_list) { rows.at, rows.count };
    return err;
}
