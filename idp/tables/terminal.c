/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/terminal.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_terminal, terminal_id),
    COLUMN(COLUMN_TEXT, struct stored_terminal, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_terminal, place),
    COLUMN(COLUMN_TEXT, struct stored_terminal, agency),
    COLUMN(COLUMN_INT, struct stored_terminal, state),
    COLUMN(COLUMN_TEXT, struct stored_terminal, jwk),
    COLUMN(COLUMN_TEXT, struct stored_terminal, thumbprint),
    COLUMN(COLUMN_BYTES, struct stored_terminal, code),
    COLUMN(COLUMN_INT, struct stored_terminal, code_until),
    COLUMN(COLUMN_INT, struct stored_terminal, created_at),
    COLUMN(COLUMN_INT, struct stored_terminal, enrolled_at),
    COLUMN(COLUMN_INT, struct stored_terminal, retired_at),
    COLUMNS_END,
};

enum err
store_terminal_insert(struct store *st, const struct stored_terminal *terminal)
{
    static struct row_statement insert = { "INSERT INTO terminal ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, terminal);
}

enum err
store_terminal_load(struct store *st, struct arena *arena, const char *terminal_id,
                    struct stored_terminal *out)
{
    static struct row_statement find = { "SELECT {columns} FROM terminal WHERE terminal_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(terminal_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_terminal_list(struct store *st, struct arena *arena, const char *after,
                    struct stored_terminal_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM terminal WHERE terminal_id > $1"
                                         " ORDER BY terminal_id LIMIT $2",
                                         columns, NULL };
    const struct arg args[] = { arg_text(after), arg_int(TERMINAL_PAGE), ARG_END };
    struct stored_terminal row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct stored_terminal_list) { rows.at, rows.count };
    return err;
}

enum err
store_terminal_code(struct store *st, const char *terminal_id, const struct digest *code,
                    unix_s until)
{
    static const char sql[] = "UPDATE terminal SET code = $2, code_until = $3"
                              " WHERE terminal_id = $1 AND retired_at = 0";
    const struct arg args[] = { arg_text(terminal_id), arg_digest(code), arg_time(until), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_terminal_enrol(struct store *st, const struct stored_terminal *enrolled,
                     const struct digest *code)
{
    static const char sql[] = "UPDATE terminal SET state = $6, jwk = $3, thumbprint = $4,"
                              " code = NULL, code_until = 0, enrolled_at = $5"
                              " WHERE terminal_id = $1 AND code = $2 AND code_until > $5"
                              " AND retired_at = 0";
    const struct arg args[] = { arg_text(enrolled->terminal_id),
                                arg_digest(code),
                                arg_text(enrolled->jwk),
                                arg_text(enrolled->thumbprint),
                                arg_time(enrolled->enrolled_at),
                                arg_int(TERMINAL_ENROLLED),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_terminal_hold(struct store *st, const char *terminal_id, const char *thumbprint)
{
    static const char sql[] = "UPDATE terminal SET retired_at = 0 WHERE terminal_id = $1"
                              " AND thumbprint = $2 AND retired_at = 0";
    const struct arg args[] = { arg_text(terminal_id), arg_text(thumbprint), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_terminal_retire(struct store *st, const char *terminal_id, unix_s now)
{
    static const char sql[] = "UPDATE terminal SET state = $3, jwk = '', thumbprint = '',"
                              " code = NULL, code_until = 0, retired_at = $2"
                              " WHERE terminal_id = $1 AND retired_at = 0";
    const struct arg args[] = { arg_text(terminal_id), arg_time(now), arg_int(TERMINAL_RETIRED),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_terminal_count(struct store *st, enum terminal_state state, int64_t *out)
{
    static const char sql[] = "SELECT COUNT(*) FROM terminal WHERE state = $1";
    const struct arg args[] = { arg_int(state), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}
