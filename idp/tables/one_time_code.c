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
store_one_time_code_try(struct store *st, const struct digest *code_id, unix_s now,
                        struct digest *code_digest, int64_t *tries_left)
{
    static const char sql[] = "UPDATE one_time_code SET tries_left = tries_left - 1"
                              " WHERE code_id = $1 AND tries_left > 0 AND expires_at > $2"
                              " RETURNING code_digest, tries_left";
    const struct arg args[] = { arg_digest(code_id), arg_time(now), ARG_END };
    const struct out outs[] = { out_digest(code_digest), out_int(tries_left), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_one_time_code_spend(struct store *st, const struct digest *code_id)
{
    static const char sql[] = "DELETE FROM one_time_code WHERE code_id = $1";
    const struct arg args[] = { arg_digest(code_id), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
