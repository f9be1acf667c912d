/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/outbox.h"

#include "idp/store/row.h"

#define KEEP_DONE_S (7 * 86400)

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_delivery, delivery_id),
    COLUMN(COLUMN_TEXT, struct stored_delivery, kind),
    COLUMN(COLUMN_TEXT, struct stored_delivery, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_delivery, person_id),
    COLUMN(COLUMN_TEXT, struct stored_delivery, sid),
    COLUMN(COLUMN_TEXT, struct stored_delivery, payload),
    COLUMN(COLUMN_INT, struct stored_delivery, tries),
    COLUMN(COLUMN_INT, struct stored_delivery, next_at),
    COLUMN(COLUMN_INT, struct stored_delivery, done_at),
    COLUMN(COLUMN_TEXT, struct stored_delivery, outcome),
    COLUMN(COLUMN_INT, struct stored_delivery, created_at),
    COLUMN(COLUMN_TEXT, struct stored_delivery, answer),
    COLUMNS_END,
};

enum err
store_delivery_insert(struct store *st, const struct stored_delivery *delivery)
{
    static struct row_statement insert = { "INSERT INTO outbox ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, delivery);
}

/* The condition stands outside the subquery once more: a row that another node has just claimed
 * fails it. */
enum err
store_delivery_claim(struct store *st, struct arena *arena, const struct delivery_claim *claim,
                     struct delivery_list *out)
{
    static struct row_statement claimed = {
        "UPDATE outbox SET next_at = $2, tries = tries + 1"
        " WHERE done_at = 0 AND next_at <= $1 AND delivery_id IN"
        " (SELECT delivery_id FROM outbox WHERE done_at = 0 AND next_at <= $1 AND kind = $4"
        " ORDER BY next_at LIMIT $3) RETURNING {columns}",
        columns, NULL
    };
    const struct arg args[] = { arg_time(claim->now), arg_time(claim->now + claim->lease_s),
                                arg_int(claim->max), arg_text(claim->kind), ARG_END };
    struct stored_delivery row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &claimed, args, &rows);

    *out = (struct delivery_list) { rows.at, rows.count };
    return err;
}

enum err
store_delivery_done(struct store *st, const char *delivery_id, unix_s now,
                    const struct delivery_result *result)
{
    static const char sql[] =
        "UPDATE outbox SET done_at = $2, outcome = $3, next_at = $4, answer = $5"
        " WHERE delivery_id = $1 AND done_at = 0";
    const struct arg args[] = { arg_text(delivery_id),     arg_time(now),
                                arg_text(result->outcome), arg_time(now + KEEP_DONE_S),
                                arg_text(result->answer),  ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_delivery_retry(struct store *st, const char *delivery_id, unix_s next_at,
                     const struct delivery_result *result)
{
    static const char sql[] = "UPDATE outbox SET next_at = $2, outcome = $3, answer = $4"
                              " WHERE delivery_id = $1 AND done_at = 0";
    const struct arg args[] = { arg_text(delivery_id), arg_time(next_at), arg_text(result->outcome),
                                arg_text(result->answer), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_delivery_put_back(struct store *st, const char *delivery_id, unix_s next_at)
{
    static const char sql[] = "UPDATE outbox SET next_at = $2, tries = tries - 1"
                              " WHERE delivery_id = $1 AND done_at = 0";
    const struct arg args[] = { arg_text(delivery_id), arg_time(next_at), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_delivery_list(struct store *st, struct arena *arena, const struct delivery_filter *filter,
                    struct delivery_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM outbox WHERE kind = $1 AND ($2 = '' OR partner_id = $2)"
        " AND ($3 = '' OR person_id = $3) AND created_at >= $4"
        " ORDER BY created_at DESC, delivery_id LIMIT $5",
        columns, NULL
    };
    const struct arg args[] = { arg_text(filter->kind),      arg_text(filter->partner_id),
                                arg_text(filter->person_id), arg_time(filter->since),
                                arg_int(filter->limit),      ARG_END };
    struct stored_delivery row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct delivery_list) { rows.at, rows.count };
    return err;
}

/* Those that are done stay for days, beyond what the index is read for. */
enum err
store_delivery_count(struct store *st, unix_s now, int64_t within_s, int64_t most, int64_t *out)
{
    static const char sql[] =
        "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE next_at <= $1 AND done_at = 0 LIMIT $2)"
        " AS waiting";
    const struct arg args[] = { arg_time(now + within_s), arg_int(most), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

/* One that a node of the version before has claimed is not due, and so stays there. */
enum err
store_logout_delivery_drain(struct store *st, struct arena *arena, const char *kind, unix_s now,
                            size_t *moved)
{
    static const char sql[] =
        "DELETE FROM logout_delivery WHERE done_at = 0 AND next_at <= $1 AND delivery_id IN"
        " (SELECT delivery_id FROM logout_delivery WHERE done_at = 0 AND next_at <= $1 LIMIT $2)"
        " RETURNING delivery_id, partner_id, person_id, sid, tries, next_at, outcome, created_at";
    const struct arg args[] = { arg_time(now), arg_int(LOGOUT_DRAIN), ARG_END };
    struct stored_delivery row = { .kind = kind, .payload = "", .answer = "" };
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = {
        out_text(&row.delivery_id), out_text(&row.partner_id), out_text(&row.person_id),
        out_text(&row.sid),         out_int(&row.tries),       out_time(&row.next_at),
        out_text(&row.outcome),     out_time(&row.created_at), OUT_END
    };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);
    const struct stored_delivery *drained = rows.at;

    for (size_t i = 0; err == OK && i < rows.count; i++)
        err = store_delivery_insert(st, &drained[i]);
    *moved = rows.count;
    return err;
}
