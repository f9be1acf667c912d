/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/revocation.h"

#include "idp/store/row.h"
#include "idp/tables/epoch.h"

static const struct column revoked_columns[] = {
    COLUMN(COLUMN_INT, struct stored_revoked, bucket),
    COLUMN(COLUMN_INT, struct stored_revoked, at),
    COLUMN(COLUMN_TEXT, struct stored_revoked, revoked_id),
    COLUMN(COLUMN_TEXT, struct stored_revoked, target),
    COLUMN(COLUMN_INT, struct stored_revoked, until),
    COLUMNS_END,
};

static const struct column revocation_columns[] = {
    COLUMN(COLUMN_INT, struct stored_revocation, seq),
    COLUMN(COLUMN_TEXT, struct stored_revocation, target),
    COLUMN(COLUMN_INT, struct stored_revocation, until),
    COLUMNS_END,
};

enum err
store_revoked_insert(struct store *st, const struct stored_revoked *revoked)
{
    static struct row_statement insert = { "INSERT INTO revoked ({columns}) VALUES ({values})",
                                           revoked_columns, NULL };

    return row_insert(st, &insert, revoked);
}

/* `at >= $2` alone says where in the index to begin. */
enum err
store_revoked_list(struct store *st, struct arena *arena, const struct revoked_after *after,
                   struct revoked_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM revoked"
        " WHERE bucket = $1 AND at >= $2 AND (at > $2 OR revoked_id > $3)"
        " AND until > $4 ORDER BY at, revoked_id LIMIT $5",
        revoked_columns, NULL
    };
    const struct arg args[] = { arg_int(after->bucket),      arg_time(after->at),
                                arg_text(after->revoked_id), arg_time(after->now),
                                arg_int(REVOCATION_PAGE),    ARG_END };
    struct stored_revoked row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct revoked_list) { rows.at, rows.count };
    return err;
}

enum err
store_revocation_insert(struct store *st, const char *target, unix_s until)
{
    static struct row_statement insert = { "INSERT INTO revocation ({columns}) VALUES ({values})",
                                           revocation_columns, NULL };
    struct stored_revocation row = { .target = target, .until = until };
    enum err err = ERR_INTERNAL;

    if (store_in_transaction(st))
        err = store_epoch_bump(st, "revocation", &row.seq);
    return err == OK ? row_insert(st, &insert, &row) : err;
}

enum err
store_revocation_list(struct store *st, struct arena *arena, int64_t after_seq, unix_s now,
                      struct revocation_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM revocation WHERE seq > $1 AND until > $2 ORDER BY seq LIMIT $3",
        revocation_columns, NULL
    };
    const struct arg args[] = { arg_int(after_seq), arg_time(now), arg_int(REVOCATION_PAGE),
                                ARG_END };
    struct stored_revocation row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct revocation_list) { rows.at, rows.count };
    return err;
}
