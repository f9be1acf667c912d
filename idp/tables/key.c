/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/key.h"

#include "idp/store/rows.h"

enum err
store_key_list(struct store *st, struct arena *arena, struct key_list *out)
{
    static const char sql[] = "SELECT key_id, purpose, alg, state, serial, wrapped, created_at, "
                              "next_at FROM key_row ORDER BY created_at, key_id LIMIT $1";
    const struct arg args[] = { arg_int(KEY_ROWS_MAX), ARG_END };
    struct stored_key row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = {
        out_text(&row.key_id),     out_int(&row.purpose),  out_text(&row.alg),
        out_int(&row.state),       out_int(&row.serial),   out_bytes(&row.wrapped),
        out_time(&row.created_at), out_time(&row.next_at), OUT_END
    };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

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
    static const char sql[] = "INSERT INTO key_row (key_id, purpose, alg, state, serial, wrapped, "
                              "created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    const struct arg args[] = {
        arg_text(key->key_id),     arg_int(key->purpose),  arg_text(key->alg),
        arg_int(key->state),       arg_int(key->serial),   arg_bytes(key->wrapped),
        arg_time(key->created_at), arg_time(key->next_at), ARG_END
    };
    bool full;
    enum err err = is_full(st, &full);

    if (err == OK && full)
        return ERR_FULL;
    return err == OK ? store_run(st, &(struct query) { .sql = sql, .args = args }) : err;
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
