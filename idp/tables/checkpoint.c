/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/checkpoint.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_INT, struct stored_checkpoint, run),
    COLUMN(COLUMN_INT, struct stored_checkpoint, number),
    COLUMN(COLUMN_INT, struct stored_checkpoint, at),
    COLUMN(COLUMN_DIGEST, struct stored_checkpoint, digest),
    COLUMN(COLUMN_TEXT, struct stored_checkpoint, statement),
    COLUMN(COLUMN_TEXT, struct stored_checkpoint, signature),
    COLUMNS_END,
};

enum err
store_checkpoint_insert(struct store *st, const struct stored_checkpoint *checkpoint)
{
    static struct row_statement insert = {
        "INSERT INTO audit_checkpoint ({columns}) VALUES ({values})", columns, NULL
    };

    return row_insert(st, &insert, checkpoint);
}

enum err
store_checkpoint_find(struct store *st, struct arena *arena, int64_t run, int64_t number,
                      struct stored_checkpoint *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM audit_checkpoint WHERE run = $1 AND number = $2", columns, NULL
    };
    const struct arg args[] = { arg_int(run), arg_int(number), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_checkpoint_next(struct store *st, struct arena *arena, int64_t run, int64_t number,
                      unix_s since, struct stored_checkpoint *out)
{
    static struct row_statement find = { "SELECT {columns} FROM audit_checkpoint"
                                         " WHERE run = $1 AND number > $2 AND at >= $3"
                                         " ORDER BY number LIMIT 1",
                                         columns, NULL };
    const struct arg args[] = { arg_int(run), arg_int(number), arg_time(since), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_checkpoint_run_next(struct store *st, int64_t run, int64_t *out)
{
    static const char sql[] =
        "SELECT run FROM audit_checkpoint WHERE run > $1 ORDER BY run LIMIT 1";
    const struct arg args[] = { arg_int(run), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_checkpoint_others(struct store *st, struct arena *arena, int64_t run, unix_s since,
                        int64_t limit, struct checkpoint_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM audit_checkpoint"
                                         " WHERE at >= $2 AND run <> $1"
                                         " ORDER BY at DESC, run, number DESC LIMIT $3",
                                         columns, NULL };
    const struct arg args[] = { arg_int(run), arg_time(since), arg_int(limit), ARG_END };
    struct stored_checkpoint row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct checkpoint_list) { rows.at, rows.count };
    return err;
}
