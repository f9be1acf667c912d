/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/pending.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_DIGEST, struct stored_pending, pending_id),
    COLUMN(COLUMN_INT, struct stored_pending, kind),
    COLUMN(COLUMN_DIGEST, struct stored_pending, waiter),
    COLUMN(COLUMN_TEXT, struct stored_pending, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_pending, terminal_id),
    COLUMN(COLUMN_TEXT, struct stored_pending, person_id),
    COLUMN(COLUMN_TEXT, struct stored_pending, request),
    COLUMN(COLUMN_INT, struct stored_pending, state),
    COLUMN(COLUMN_TEXT, struct stored_pending, sid),
    COLUMN(COLUMN_INT, struct stored_pending, interval_s),
    COLUMN(COLUMN_INT, struct stored_pending, created_at),
    COLUMN(COLUMN_INT, struct stored_pending, expires_at),
    COLUMNS_END,
};

enum err
store_pending_insert(struct store *st, const struct stored_pending *pending)
{
    static struct row_statement insert = { "INSERT INTO pending ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, pending);
}

enum err
store_pending_load(struct store *st, struct arena *arena, const struct digest *pending_id,
                   struct stored_pending *out)
{
    static struct row_statement find = { "SELECT {columns} FROM pending WHERE pending_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_digest(pending_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_pending_see(struct store *st, const struct pending_step *step)
{
    static const char sql[] =
        "UPDATE pending SET state = $4, person_id = $2 WHERE pending_id = $1"
        " AND person_id IN ('', $2) AND state IN ($5, $4) AND expires_at > $3";
    const struct arg args[] = { arg_digest(&step->pending_id), arg_text(step->person_id),
                                arg_time(step->now),           arg_int(PENDING_SEEN),
                                arg_int(PENDING_OPEN),         ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

static enum err
decide(struct store *st, const struct pending_step *step, enum pending_state state, const char *sid)
{
    static const char sql[] =
        "UPDATE pending SET state = $4, person_id = $2, sid = $7 WHERE pending_id = $1"
        " AND person_id IN ('', $2) AND state IN ($5, $6) AND expires_at > $3";
    const struct arg args[] = { arg_digest(&step->pending_id),
                                arg_text(step->person_id),
                                arg_time(step->now),
                                arg_int(state),
                                arg_int(PENDING_OPEN),
                                arg_int(PENDING_SEEN),
                                arg_text(sid),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_pending_approve(struct store *st, const struct pending_step *step)
{
    return decide(st, step, PENDING_APPROVED, step->sid);
}

enum err
store_pending_refuse(struct store *st, const struct pending_step *step)
{
    return decide(st, step, PENDING_REFUSED, "");
}

enum err
store_pending_take(struct store *st, const struct digest *pending_id, const struct digest *waiter,
                   unix_s now)
{
    static const char sql[] = "UPDATE pending SET state = $4 WHERE pending_id = $1 AND waiter = $2"
                              " AND state = $5 AND expires_at > $3";
    const struct arg args[] = { arg_digest(pending_id), arg_digest(waiter),        arg_time(now),
                                arg_int(PENDING_TAKEN), arg_int(PENDING_APPROVED), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_pending_burn(struct store *st, const struct digest *pending_id)
{
    static const char sql[] = "UPDATE pending SET state = $2 WHERE pending_id = $1";
    const struct arg args[] = { arg_digest(pending_id), arg_int(PENDING_REFUSED), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_pending_slow(struct store *st, const struct digest *pending_id, int64_t interval_s)
{
    static const char sql[] =
        "UPDATE pending SET interval_s = $2 WHERE pending_id = $1 AND interval_s < $2";
    const struct arg args[] = { arg_digest(pending_id), arg_int(interval_s), ARG_END };
    enum err err = change_one(st, sql, args, ERR_NOT_FOUND);

    return err == ERR_NOT_FOUND ? OK : err; /* another node has said so already */
}

enum err
store_pending_list(struct store *st, struct arena *arena, const char *person_id, unix_s now,
                   struct pending_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM pending WHERE person_id = $1 AND state IN ($3, $4)"
        " AND expires_at > $2 ORDER BY created_at DESC, pending_id LIMIT $5",
        columns, NULL
    };
    const struct arg args[] = { arg_text(person_id),   arg_time(now),         arg_int(PENDING_OPEN),
                                arg_int(PENDING_SEEN), arg_int(PENDING_PAGE), ARG_END };
    struct stored_pending row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct pending_list) { rows.at, rows.count };
    return err;
}
