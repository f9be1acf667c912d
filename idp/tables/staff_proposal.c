/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/staff_proposal.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_proposal, proposal_id),
    COLUMN(COLUMN_INT, struct stored_proposal, kind),
    COLUMN(COLUMN_INT, struct stored_proposal, state),
    COLUMN(COLUMN_TEXT, struct stored_proposal, staff_id),
    COLUMN(COLUMN_BYTES, struct stored_proposal, person_key),
    COLUMN(COLUMN_TEXT, struct stored_proposal, counter_id),
    COLUMN(COLUMN_TEXT, struct stored_proposal, agency),
    COLUMN(COLUMN_TEXT, struct stored_proposal, region),
    COLUMN(COLUMN_TEXT, struct stored_proposal, person_id),
    COLUMN(COLUMN_TEXT, struct stored_proposal, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_proposal, business),
    COLUMN(COLUMN_TEXT, struct stored_proposal, reason),
    COLUMN(COLUMN_BYTES, struct stored_proposal, content_sealed),
    COLUMN(COLUMN_TEXT, struct stored_proposal, decided_by),
    COLUMN(COLUMN_TEXT, struct stored_proposal, decided_counter),
    COLUMN(COLUMN_INT, struct stored_proposal, decided_at),
    COLUMN(COLUMN_INT, struct stored_proposal, created_at),
    COLUMN(COLUMN_INT, struct stored_proposal, until),
    COLUMN(COLUMN_INT, struct stored_proposal, used_at),
    COLUMNS_END,
};

enum err
store_proposal_insert(struct store *st, const struct stored_proposal *proposal)
{
    static struct row_statement insert = {
        "INSERT INTO staff_proposal ({columns}) VALUES ({values})", columns, NULL
    };

    return row_insert(st, &insert, proposal);
}

enum err
store_proposal_load(struct store *st, struct arena *arena, const char *proposal_id,
                    struct stored_proposal *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM staff_proposal WHERE proposal_id = $1", columns, NULL
    };
    const struct arg args[] = { arg_text(proposal_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

static enum err
list_into(struct store *st, struct arena *arena, struct row_statement *list, const struct arg *args,
          struct stored_proposal_list *out)
{
    struct stored_proposal row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, list, args, &rows);

    *out = (struct stored_proposal_list) { rows.at, rows.count };
    return err;
}

enum err
store_proposal_waiting(struct store *st, struct arena *arena, const struct region_span *span,
                       unix_s now, struct stored_proposal_list *out)
{
    /* "state = 1" stands there for the index. */
    static struct row_statement list = {
        "SELECT {columns} FROM staff_proposal WHERE state = 1 AND region >= $1 AND region <= $2"
        " AND until > $3 ORDER BY created_at, proposal_id LIMIT $4",
        columns, NULL
    };
    const struct arg args[] = { arg_text(span->first), arg_text(span->last), arg_time(now),
                                arg_int(PROPOSAL_PAGE), ARG_END };

    return list_into(st, arena, &list, args, out);
}

enum err
store_proposal_list_of(struct store *st, struct arena *arena, const char *staff_id, unix_s now,
                       struct stored_proposal_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM staff_proposal WHERE staff_id = $1 AND until > $2"
        " ORDER BY created_at DESC, proposal_id LIMIT $3",
        columns, NULL
    };
    const struct arg args[] = { arg_text(staff_id), arg_time(now), arg_int(PROPOSAL_PAGE),
                                ARG_END };

    return list_into(st, arena, &list, args, out);
}

enum err
store_proposal_decide(struct store *st, const struct stored_proposal *proposal)
{
    static const char sql[] =
        "UPDATE staff_proposal SET state = $2, decided_by = $3, decided_counter = $4,"
        " decided_at = $5, until = $6 WHERE proposal_id = $1 AND state = $7 AND until > $5";
    const struct arg args[] = {
        arg_text(proposal->proposal_id), arg_int(proposal->state),
        arg_text(proposal->decided_by),  arg_text(proposal->decided_counter),
        arg_time(proposal->decided_at),  arg_time(proposal->until),
        arg_int(PROPOSAL_WAITS),         ARG_END
    };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_proposal_find(struct store *st, struct arena *arena, const struct stored_proposal *like,
                    unix_s now, const char **proposal_id)
{
    static const char sql[] =
        "SELECT proposal_id FROM staff_proposal WHERE staff_id = $1 AND person_id = $2"
        " AND kind = $3 AND partner_id = $4 AND business = $5 AND state = $6 AND until > $7"
        " ORDER BY decided_at, proposal_id LIMIT 1";
    const struct arg args[] = { arg_text(like->staff_id),
                                arg_text(like->person_id),
                                arg_int(like->kind),
                                arg_text(like->partner_id),
                                arg_text(like->business),
                                arg_int(PROPOSAL_APPROVED),
                                arg_time(now),
                                ARG_END };
    const struct out outs[] = { out_text(proposal_id), OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

enum err
store_proposal_take(struct store *st, struct arena *arena, const struct stored_proposal *like,
                    unix_s now, struct stored_proposal *out)
{
    static struct row_statement take = {
        "UPDATE staff_proposal SET state = $6, used_at = $7 WHERE proposal_id = $1"
        " AND staff_id = $2 AND person_id = $3 AND kind = $4 AND state = $5 AND until > $7"
        " RETURNING {columns}",
        columns, NULL
    };
    const struct arg args[] = { arg_text(like->proposal_id),
                                arg_text(like->staff_id),
                                arg_text(like->person_id),
                                arg_int(like->kind),
                                arg_int(PROPOSAL_APPROVED),
                                arg_int(PROPOSAL_USED),
                                arg_time(now),
                                ARG_END };

    return row_find(st, &take, args, arena, out);
}
