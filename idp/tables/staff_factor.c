/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/staff_factor.h"

#include "idp/store/row.h"

static const struct column names[] = {
    COLUMN(COLUMN_TEXT, struct stored_staff, staff_id),
    COLUMN(COLUMN_TEXT, struct stored_staff, roles),
    COLUMN(COLUMN_TEXT, struct stored_staff, agency),
    COLUMN(COLUMN_TEXT, struct stored_staff, region),
    COLUMN(COLUMN_INT, struct stored_staff, state),
    COLUMN(COLUMN_TEXT, struct stored_staff, certificate),
    COLUMN(COLUMN_INT, struct stored_staff, enrolled_at),
    COLUMN(COLUMN_INT, struct stored_staff, code_until),
    COLUMN(COLUMN_INT, struct stored_staff, checked_at),
    COLUMN(COLUMN_INT, struct stored_staff, open_until),
    COLUMN(COLUMN_INT, struct stored_staff, seen_at),
    COLUMN(COLUMN_INT, struct stored_staff, created_at),
    COLUMNS_END,
};

enum err
store_staff_list(struct store *st, struct arena *arena, const char *after,
                 struct stored_staff_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM staff WHERE staff_id > $1"
                                         " ORDER BY staff_id LIMIT $2",
                                         names, NULL };
    const struct arg args[] = { arg_text(after), arg_int(STAFF_PAGE), ARG_END };
    struct stored_staff row = { .staff_id = "" };
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct stored_staff_list) { rows.at, rows.count };
    return err;
}

enum err
store_staff_said(struct store *st, const struct stored_staff *told)
{
    static const char sql[] =
        "UPDATE staff SET person_key = $2, name_sealed = $3, roles = $4, agency = $5, region = $6,"
        " state = CASE WHEN state = $7 THEN state ELSE $8 END, checked_at = $9"
        " WHERE staff_id = $1";
    const struct arg args[] = {
        arg_text(told->staff_id),     arg_bytes(told->person_key),
        arg_bytes(told->name_sealed), arg_text(told->roles),
        arg_text(told->agency),       arg_text(told->region),
        arg_int(STAFF_STOPPED),       arg_int(STAFF_ACTIVE),
        arg_time(told->checked_at),   ARG_END,
    };
    enum err err = change_one(st, sql, args, ERR_NOT_FOUND);

    return err == ERR_NOT_FOUND ? store_staff_put(st, told) : err;
}

enum err
store_staff_code(struct store *st, const char *staff_id, const struct digest *code, unix_s until)
{
    static const char sql[] = "UPDATE staff SET code = $2, code_until = $3 WHERE staff_id = $1";
    const struct arg args[] = { arg_text(staff_id), arg_digest(code), arg_time(until), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_staff_enrol(struct store *st, const struct stored_staff *enrolled, const struct digest *code)
{
    static const char sql[] = "UPDATE staff SET totp_sealed = $3, certificate = $4,"
                              " enrolled_at = $5, code = NULL, code_until = 0"
                              " WHERE staff_id = $1 AND code = $2 AND code_until > $5";
    const struct arg args[] = { arg_text(enrolled->staff_id),     arg_digest(code),
                                arg_bytes(enrolled->totp_sealed), arg_text(enrolled->certificate),
                                arg_time(enrolled->enrolled_at),  ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_staff_change(struct store *st, const char *staff_id, enum staff_state from,
                   enum staff_state to)
{
    static const char sql[] = "UPDATE staff SET state = $3 WHERE staff_id = $1 AND state = $2";
    const struct arg args[] = { arg_text(staff_id), arg_int(from), arg_int(to), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_staff_any_enrolled(struct store *st, bool *out)
{
    static const char sql[] = "SELECT 1 FROM staff WHERE enrolled_at > 0 LIMIT 1";
    const struct arg args[] = { ARG_END };

    return row_exists(st, sql, args, out);
}
