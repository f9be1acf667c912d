/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/audit.h"

#include <string.h>

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
    COLUMN(COLUMN_TEXT, struct stored_audit, actor),
    COLUMN(COLUMN_TEXT, struct stored_audit, counter_id),
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

static void
form_text(struct buf *out, const struct column *column, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    buf_text(out, column->name);
    buf_char(out, '=');
    buf_int(out, (long long)strlen(text));
    buf_char(out, ':');
    buf_text(out, text);
}

static void
form_int(struct buf *out, const struct column *column, int64_t number)
{
    if (number == 0)
        return;
    buf_text(out, column->name);
    buf_char(out, '#');
    buf_int(out, number);
    buf_char(out, ';');
}

void
store_audit_form(const struct stored_audit *record, struct buf *out)
{
    for (const struct column *column = columns; column->kind != COLUMN_STOP; column++) {
        const char *at = (const char *)record + column->offset;

        if (column->offset == offsetof(struct stored_audit, mac))
            continue;
        if (column->kind == COLUMN_TEXT)
            form_text(out, column, *(const char *const *)at);
        else
            form_int(out, column, *(const int64_t *)at);
    }
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

/* --- A page of them --- */

/* `$1 <> ''` is what lets the two indexes that leave out the empty ones be used. */
#define OLDER(what)                                                                                \
    "SELECT {columns} FROM audit WHERE " what " AND at >= $2 AND at <= $3"                         \
    " AND (at < $3 OR audit_id < $4) ORDER BY at DESC, audit_id DESC LIMIT $5"

enum err
store_audit_page(struct store *st, struct arena *arena, const struct audit_page *page,
                 struct audit_rows *out)
{
    static struct row_statement of_subject = { OLDER("person_id = $1"), columns, NULL };
    static struct row_statement of_actor = { OLDER("actor = $1 AND actor <> ''"), columns, NULL };
    static struct row_statement of_counter = { OLDER("counter_id = $1 AND counter_id <> ''"),
                                               columns, NULL };
    static struct row_statement of_all = { OLDER("$1 = ''"), columns, NULL };
    const char *key = "";
    struct row_statement *list = &of_all;
    struct stored_audit row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err;

    if (page->subject_id != NULL) {
        key = page->subject_id;
        list = &of_subject;
    } else if (page->actor != NULL) {
        key = page->actor;
        list = &of_actor;
    } else if (page->counter_id != NULL) {
        key = page->counter_id;
        list = &of_counter;
    }
    err = row_list(st, list,
                   (const struct arg[]) { arg_text(key), arg_time(page->since),
                                          arg_time(page->before), arg_text(page->before_id),
                                          arg_int(page->limit), ARG_END },
                   &rows);
    *out = audit_rows_of(&rows);
    return err;
}

/* --- The chain --- */

enum err
store_audit_stretch(struct store *st, struct arena *arena, const struct audit_stretch *stretch,
                    int64_t limit, struct audit_rows *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM audit WHERE run = $1 AND lane = $2 AND seq >= $3 AND seq <= $4"
        " ORDER BY seq LIMIT $5",
        columns, NULL
    };
    const struct arg args[] = { arg_int(stretch->run),  arg_int(stretch->lane),
                                arg_int(stretch->from), arg_int(stretch->to),
                                arg_int(limit),         ARG_END };
    struct stored_audit row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = audit_rows_of(&rows);
    return err;
}

enum err
store_audit_run_next(struct store *st, int64_t run, int64_t *out)
{
    static const char sql[] = "SELECT run FROM audit WHERE run > $1 ORDER BY run LIMIT 1";
    const struct arg args[] = { arg_int(run), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_audit_lane_next(struct store *st, int64_t run, int64_t lane, int64_t *out)
{
    static const char sql[] =
        "SELECT lane FROM audit WHERE run = $1 AND lane > $2 ORDER BY lane LIMIT 1";
    const struct arg args[] = { arg_int(run), arg_int(lane), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_audit_since(struct store *st, int64_t run, int64_t lane, unix_s since, int64_t *out)
{
    static const char sql[] = "SELECT seq FROM audit WHERE run = $1 AND lane = $2 AND at >= $3"
                              " ORDER BY seq LIMIT 1";
    const struct arg args[] = { arg_int(run), arg_int(lane), arg_time(since), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

/* By the end of the index that holds them: run, lane and sequence are 0, and then comes the time. */
enum err
store_audit_unchained(struct store *st, unix_s *first, unix_s *last)
{
    static const char oldest[] = "SELECT at FROM audit WHERE run = 0 AND lane = 0 AND seq = 0"
                                 " ORDER BY at LIMIT 1";
    static const char newest[] = "SELECT at FROM audit WHERE run = 0 AND lane = 0 AND seq = 0"
                                 " ORDER BY at DESC LIMIT 1";
    const struct out first_out[] = { out_time(first), OUT_END };
    const struct out last_out[] = { out_time(last), OUT_END };
    enum err err = store_run(st, &(struct query) { .sql = oldest, .outs = first_out });

    return err == OK ? store_run(st, &(struct query) { .sql = newest, .outs = last_out }) : err;
}
