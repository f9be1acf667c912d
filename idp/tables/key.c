/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/key.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_key, key_id),
    COLUMN(COLUMN_INT, struct stored_key, purpose),
    COLUMN(COLUMN_TEXT, struct stored_key, alg),
    COLUMN(COLUMN_INT, struct stored_key, state),
    COLUMN(COLUMN_INT, struct stored_key, serial),
    COLUMN(COLUMN_BYTES, struct stored_key, wrapped),
    COLUMN(COLUMN_INT, struct stored_key, created_at),
    COLUMN(COLUMN_INT, struct stored_key, next_at),
    COLUMNS_END,
};

enum err
store_key_list(struct store *st, struct arena *arena, struct key_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM key_row ORDER BY created_at, key_id LIMIT $1", columns, NULL
    };
    const struct arg args[] = { arg_int(KEY_ROWS_MAX), ARG_END };
    struct stored_key row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct key_list) { rows.at, rows.count };
    return err;
}

static enum err
is_full(struct store *st, bool *out)
{
    static const char sql[] = "SELECT serial FROM key_row LIMIT 1 OFFSET $1";
    const struct arg args[] = { arg_int(KEY_ROWS_MAX - 1), ARG_END };

    return row_exists(st, sql, args, out);
}

enum err
store_key_insert(struct store *st, const struct stored_key *key)
{
    static struct row_statement insert = { "INSERT INTO key_row ({columns}) VALUES ({values})",
                                           columns, NULL };
    bool full;
    enum err err = is_full(st, &full);

    if (err == OK && full)
        return ERR_FULL;
    return err == OK ? row_insert(st, &insert, key) : err;
}

enum err
store_key_move(struct store *st, const char *key_id, int64_t from, int64_t to, unix_s next_at)
{
    static const char sql[] =
        "UPDATE key_row SET state = $3, next_at = $4 WHERE key_id = $1 AND state = $2";
    const struct arg args[] = { arg_text(key_id), arg_int(from), arg_int(to), arg_time(next_at),
                                ARG_END };

    return change_one(st, sql, args, ERR_CONFLICT);
}

enum err
store_key_delete(struct store *st, const char *key_id)
{
    static const char sql[] = "DELETE FROM key_row WHERE key_id = $1";
    const struct arg args[] = { arg_text(key_id), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
