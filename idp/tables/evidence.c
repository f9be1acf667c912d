/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/evidence.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_evidence, person_id),
    COLUMN(COLUMN_TEXT, struct stored_evidence, evidence_id),
    COLUMN(COLUMN_INT, struct stored_evidence, kind),
    COLUMN(COLUMN_TEXT, struct stored_evidence, source),
    COLUMN(COLUMN_TEXT, struct stored_evidence, reference),
    COLUMN(COLUMN_TEXT, struct stored_evidence, detail),
    COLUMN(COLUMN_INT, struct stored_evidence, proven_at),
    COLUMN(COLUMN_INT, struct stored_evidence, expires_at),
    COLUMN(COLUMN_INT, struct stored_evidence, withdrawn_at),
    COLUMNS_END,
};

static enum err
is_full(struct store *st, const char *person_id, bool *out)
{
    static const char sql[] = "SELECT kind FROM evidence WHERE person_id = $1 LIMIT 1 OFFSET $2";
    const struct arg args[] = { arg_text(person_id), arg_int(EVIDENCE_MAX - 1), ARG_END };

    return row_exists(st, sql, args, out);
}

enum err
store_evidence_insert(struct store *st, const struct stored_evidence *evidence)
{
    static struct row_statement insert = { "INSERT INTO evidence ({columns}) VALUES ({values})",
                                           columns, NULL };
    bool full;
    enum err err = is_full(st, evidence->person_id, &full);

    if (err == OK && full)
        return ERR_FULL;
    return err == OK ? row_insert(st, &insert, evidence) : err;
}

enum err
store_evidence_list(struct store *st, struct arena *arena, const char *person_id,
                    struct evidence_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM evidence WHERE person_id = $1"
                                         " ORDER BY proven_at DESC, evidence_id DESC LIMIT $2",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_int(EVIDENCE_MAX), ARG_END };
    struct stored_evidence row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct evidence_list) { rows.at, rows.count };
    return err;
}

enum err
store_evidence_withdraw(struct store *st, const char *person_id, int64_t but, unix_s now)
{
    static const char sql[] = "UPDATE evidence SET withdrawn_at = $3 WHERE person_id = $1"
                              " AND kind <> $2 AND withdrawn_at = 0";
    const struct arg args[] = { arg_text(person_id), arg_int(but), arg_time(now), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}
