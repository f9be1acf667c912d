/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/acting.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_acting, acting_id),
    COLUMN(COLUMN_TEXT, struct stored_acting, sid),
    COLUMN(COLUMN_TEXT, struct stored_acting, staff_id),
    COLUMN(COLUMN_TEXT, struct stored_acting, counter_id),
    COLUMN(COLUMN_TEXT, struct stored_acting, agency),
    COLUMN(COLUMN_TEXT, struct stored_acting, person_id),
    COLUMN(COLUMN_TEXT, struct stored_acting, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_acting, business),
    COLUMN(COLUMN_TEXT, struct stored_acting, reason),
    COLUMN(COLUMN_TEXT, struct stored_acting, proof),
    COLUMN(COLUMN_TEXT, struct stored_acting, proposal_id),
    COLUMN(COLUMN_TEXT, struct stored_acting, grant_id),
    COLUMN(COLUMN_INT, struct stored_acting, begun_at),
    COLUMN(COLUMN_INT, struct stored_acting, until),
    COLUMN(COLUMN_INT, struct stored_acting, ended_at),
    COLUMNS_END,
};

enum err
store_acting_insert(struct store *st, const struct stored_acting *acting)
{
    static struct row_statement insert = { "INSERT INTO acting ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, acting);
}

enum err
store_acting_load(struct store *st, struct arena *arena, const char *acting_id,
                  struct stored_acting *out)
{
    static struct row_statement find = { "SELECT {columns} FROM acting WHERE acting_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(acting_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_acting_take(struct store *st, const char *acting_id, const char *grant_id, unix_s now)
{
    static const char sql[] = "UPDATE acting SET grant_id = $2 WHERE acting_id = $1"
                              " AND grant_id = '' AND ended_at = 0 AND until > $3";
    const struct arg args[] = { arg_text(acting_id), arg_text(grant_id), arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_acting_list(struct store *st, struct arena *arena, const char *sid, unix_s now,
                  struct acting_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM acting WHERE sid = $1"
                                         " AND ended_at = 0 AND until > $2"
                                         " ORDER BY acting_id LIMIT $3",
                                         columns, NULL };
    const struct arg args[] = { arg_text(sid), arg_time(now), arg_int(ACTINGS_OF_SITTING_MAX),
                                ARG_END };
    struct stored_acting row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct acting_list) { rows.at, rows.count };
    return err;
}

enum err
store_acting_end(struct store *st, struct arena *arena, const char *acting_id, unix_s now,
                 struct stored_acting *out)
{
    static struct row_statement end = { "UPDATE acting SET ended_at = $2 WHERE acting_id = $1"
                                        " AND ended_at = 0 RETURNING {columns}",
                                        columns, NULL };
    const struct arg args[] = { arg_text(acting_id), arg_time(now), ARG_END };

    return row_find(st, &end, args, arena, out);
}
