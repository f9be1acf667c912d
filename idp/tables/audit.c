/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/audit.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_audit, audit_id),
    COLUMN(COLUMN_INT, struct stored_audit, at),
    COLUMN(COLUMN_TEXT, struct stored_audit, event),
    COLUMN_AS(COLUMN_INT, "refusal", struct stored_audit, is_refusal),
    COLUMN(COLUMN_TEXT, struct stored_audit, reason),
    COLUMN_AS(COLUMN_TEXT, "person_id", struct stored_audit, subject.id),
    COLUMN_AS(COLUMN_INT, "subject_kind", struct stored_audit, subject.kind),
    COLUMN(COLUMN_TEXT, struct stored_audit, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_audit, sid),
    COLUMN(COLUMN_TEXT, struct stored_audit, channel),
    COLUMN(COLUMN_TEXT, struct stored_audit, request_id),
    COLUMN(COLUMN_TEXT, struct stored_audit, address),
    COLUMN(COLUMN_INT, struct stored_audit, run),
    COLUMN(COLUMN_INT, struct stored_audit, lane),
    COLUMN(COLUMN_INT, struct stored_audit, seq),
    COLUMN(COLUMN_TEXT, struct stored_audit, mac),
    COLUMNS_END,
};

enum err
store_audit_insert(struct store *st, const struct stored_audit *record)
{
    static struct row_statement insert = { "INSERT INTO audit ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, record);
}

/* --- Lists --- */

static enum err
list_run(struct store *st, struct row_statement *list, const struct audit_filter *filter,
         struct rows *rows)
{
    const struct arg args[] = { arg_text(filter->person_id),
                                arg_text(filter->partner_id),
                                arg_text(filter->request_id),
                                arg_text(filter->event),
                                arg_time(filter->since),
                                arg_int(filter->limit),
                                ARG_END };

    return row_list(st, list, args, rows);
}

static struct audit_rows
audit_rows_of(const struct rows *rows)
{
    return (struct audit_rows) { rows->at, rows->count };
}

/* Each begins with what it has an index by; the rest is looked at row by row. */
#define BY(what) "SELECT {columns} FROM audit WHERE " what " AND at >= $5 "
#define MAYBE_PERSON "($1 = '' OR person_id = $1)"
#define MAYBE_PARTNER "($2 = '' OR partner_id = $2)"
#define MAYBE_REQUEST "($3 = '' OR request_id = $3)"
#define MAYBE_EVENT "($4 = '' OR event = $4)"
#define NEWEST "ORDER BY at DESC, audit_id DESC LIMIT $6"
#define OLDEST "ORDER BY at, audit_id LIMIT $6"
#define AND " AND "

enum err
store_audit_list(struct store *st, struct arena *arena, const struct audit_filter *filter,
                 struct audit_rows *out)
{
    static struct row_statement by_request = {
        BY("request_id = $3" AND MAYBE_PERSON AND MAYBE_PARTNER AND MAYBE_EVENT) NEWEST, columns,
        NULL
    };
    static struct row_statement by_person = {
        BY("person_id = $1" AND MAYBE_PARTNER AND MAYBE_REQUEST AND MAYBE_EVENT) NEWEST, columns,
        NULL
    };
    static struct row_statement by_partner = {
        BY("partner_id = $2" AND MAYBE_PERSON AND MAYBE_REQUEST AND MAYBE_EVENT) NEWEST, columns,
        NULL
    };
    static struct row_statement by_time = {
        BY(MAYBE_PERSON AND MAYBE_PARTNER AND MAYBE_REQUEST AND MAYBE_EVENT) NEWEST, columns, NULL
    };
    struct stored_audit row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    struct row_statement *list = &by_time;
    enum err err;

    if (filter->request_id[0] != '\0')
        list = &by_request;
    else if (filter->person_id[0] != '\0')
        list = &by_person;
    else if (filter->partner_id[0] != '\0')
        list = &by_partner;
    err = list_run(st, list, filter, &rows);
    *out = audit_rows_of(&rows);
    return err;
}

enum err
store_audit_follow(struct store *st, struct arena *arena, const struct audit_filter *filter,
                   struct audit_rows *out)
{
    static struct row_statement list = {
        BY(MAYBE_PERSON AND MAYBE_PARTNER AND MAYBE_REQUEST AND MAYBE_EVENT) OLDEST, columns, NULL
    };
    struct stored_audit row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = list_run(st, &list, filter, &rows);

    *out = audit_rows_of(&rows);
    return err;
}
