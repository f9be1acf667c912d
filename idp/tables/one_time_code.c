/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/one_time_code.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_DIGEST, struct stored_code, code_id),
    COLUMN(COLUMN_DIGEST, struct stored_code, code_digest),
    COLUMN(COLUMN_INT, struct stored_code, tries_left),
    COLUMN(COLUMN_INT, struct stored_code, expires_at),
    COLUMNS_END,
};

enum err
store_one_time_code_put(struct store *st, const struct stored_code *code)
{
    static struct row_statement update = { "UPDATE one_time_code SET {sets} WHERE code_id = $1",
                                           columns, NULL };
    static struct row_statement insert = {
        "INSERT INTO one_time_code ({columns}) VALUES ({values})", columns, NULL
    };

    return row_put(st, &update, &insert, code);
}

enum err
store_one_time_code_try(struct store *st, const struct digest *code_id, const struct digest *tried,
                        unix_s now, struct digest *code_digest, int64_t *tries_left)
{
    static const char sql[] =
        "UPDATE one_time_code SET tried = $3,"
        " tries_left = CASE WHEN tried = $3 THEN tries_left ELSE tries_left - 1 END"
        " WHERE code_id = $1 AND (tries_left > 0 OR tried = $3) AND expires_at > $2"
        " RETURNING code_digest, tries_left";
    const struct arg args[] = { arg_digest(code_id), arg_time(now), arg_digest(tried), ARG_END };
    const struct out outs[] = { out_digest(code_digest), out_int(tries_left), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_one_time_code_spend(struct store *st, const struct digest *code_id, unix_s until)
{
    static const char sql[] = "UPDATE one_time_code SET tries_left = -1,"
                              " expires_at = CASE WHEN expires_at > $2 THEN $2 ELSE expires_at END"
                              " WHERE code_id = $1 AND tries_left >= 0";
    const struct arg args[] = { arg_digest(code_id), arg_time(until), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_one_time_code_remove(struct store *st, const struct stored_code *code)
{
    static const char sql[] = "DELETE FROM one_time_code WHERE code_id = $1 AND code_digest = $2";
    const struct arg args[] = { arg_digest(&code->code_id), arg_digest(&code->code_digest),
                                ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_one_time_code_is_out(struct store *st, const struct digest *code_id, unix_s now, bool *out)
{
    static const char sql[] = "SELECT tries_left FROM one_time_code"
                              " WHERE code_id = $1 AND tries_left > 0 AND expires_at > $2";
    const struct arg args[] = { arg_digest(code_id), arg_time(now), ARG_END };

    return row_exists(st, sql, args, out);
}
