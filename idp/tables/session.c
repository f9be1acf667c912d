/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/session.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_session, sid),
    COLUMN(COLUMN_DIGEST, struct stored_session, handle),
    COLUMN_AS(COLUMN_TEXT, "person_id", struct stored_session, subject.id),
    COLUMN_AS(COLUMN_INT, "subject_kind", struct stored_session, subject.kind),
    COLUMN(COLUMN_TEXT, struct stored_session, channel),
    COLUMN(COLUMN_TEXT, struct stored_session, amr),
    COLUMN(COLUMN_INT, struct stored_session, level),
    COLUMN(COLUMN_INT, struct stored_session, auth_time),
    COLUMN(COLUMN_INT, struct stored_session, seen_at),
    COLUMN(COLUMN_INT, struct stored_session, expires_at),
    COLUMN(COLUMN_INT, struct stored_session, ended_at),
    COLUMN(COLUMN_TEXT, struct stored_session, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_session, terminal_id),
    COLUMN(COLUMN_TEXT, struct stored_session, lent_by),
    COLUMN(COLUMN_TEXT, struct stored_session, device),
    COLUMN(COLUMN_TEXT, struct stored_session, network),
    COLUMN(COLUMN_TEXT, struct stored_session, browser),
    COLUMNS_END,
};

enum err
store_session_insert(struct store *st, const struct stored_session *session)
{
    static struct row_statement insert = { "INSERT INTO session ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, session);
}

enum err
store_session_load(struct store *st, struct arena *arena, const char *sid,
                   struct stored_session *out)
{
    static struct row_statement find = { "SELECT {columns} FROM session WHERE sid = $1", columns,
                                         NULL };
    const struct arg args[] = { arg_text(sid), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_session_renew(struct store *st, const struct stored_session *session)
{
    static const char sql[] =
        "UPDATE session SET handle = $2, channel = $3, amr = $4, level = $5, auth_time = $6,"
        " seen_at = $7, expires_at = $8, partner_id = $9, terminal_id = $10, lent_by = $11,"
        " device = $12, network = $13, browser = $14 WHERE sid = $1 AND ended_at = 0";
    const struct arg args[] = {
        arg_text(session->sid),
        arg_digest(&session->handle),
        arg_text(session->channel),
        arg_text(session->amr),
        arg_int(session->level),
        arg_time(session->auth_time),
        arg_time(session->seen_at),
        arg_time(session->expires_at),
        arg_text(session->partner_id),
        arg_text(session->terminal_id),
        arg_text(session->lent_by),
        arg_text(session->device),
        arg_text(session->network),
        arg_text(session->browser),
        ARG_END,
    };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_session_touch(struct store *st, const char *sid, unix_s seen_at)
{
    static const char sql[] = "UPDATE session SET seen_at = $2 WHERE sid = $1 AND ended_at = 0";
    const struct arg args[] = { arg_text(sid), arg_time(seen_at), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

/* The expiry is brought forward, so that the sweeper finds by one index all that has ended. */
enum err
store_session_end(struct store *st, const char *sid, unix_s now)
{
    static const char sql[] = "UPDATE session SET ended_at = $2,"
                              " expires_at = CASE WHEN expires_at > $2 THEN $2 ELSE expires_at END"
                              " WHERE sid = $1 AND ended_at = 0";
    const struct arg args[] = { arg_text(sid), arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_session_lower(struct store *st, const char *person_id, const char *method, int level)
{
    static const char sql[] = "UPDATE session SET level = $3 WHERE person_id = $1 AND ended_at = 0"
                              " AND level > $3 AND ' ' || amr || ' ' LIKE '% ' || $2 || ' %'";
    const struct arg args[] = { arg_text(person_id), arg_text(method), arg_int(level), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_session_list(struct store *st, struct arena *arena, const struct sessions_of *which,
                   struct sid_list *out)
{
    static const char sql[] = "SELECT sid FROM session WHERE person_id = $1 AND ended_at = 0"
                              " AND expires_at > $2 AND sid <> $4 AND auth_time < $5"
                              " AND sid > $6 ORDER BY sid LIMIT $3";
    const struct arg args[] = { arg_text(which->person_id),
                                arg_time(which->now),
                                arg_int(SESSION_PAGE),
                                arg_text(which->but),
                                arg_time(which->before),
                                arg_text(which->after != NULL ? which->after : ""),
                                ARG_END };
    const char *sid;
    struct rows rows = rows_of(arena, &sid, sizeof(sid));
    const struct out outs[] = { out_text(&sid), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct sid_list) { rows.at, rows.count };
    return err;
}

enum err
store_session_rows(struct store *st, struct arena *arena, const char *person_id, unix_s now,
                   struct session_rows *out)
{
    static struct row_statement list = { "SELECT {columns} FROM session WHERE person_id = $1 AND"
                                         " ended_at = 0 AND expires_at > $2"
                                         " ORDER BY seen_at DESC, sid LIMIT $3",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_time(now), arg_int(SESSION_PAGE),
                                ARG_END };
    struct stored_session row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct session_rows) { rows.at, rows.count };
    return err;
}

enum err
store_session_list_lent(struct store *st, struct arena *arena, const char *lent_by, unix_s now,
                        struct sid_list *out)
{
    static const char sql[] = "SELECT sid FROM session WHERE lent_by = $1 AND lent_by <> ''"
                              " AND ended_at = 0 AND expires_at > $2 ORDER BY sid LIMIT $3";
    const struct arg args[] = { arg_text(lent_by), arg_time(now), arg_int(SESSION_PAGE), ARG_END };
    const char *sid;
    struct rows rows = rows_of(arena, &sid, sizeof(sid));
    const struct out outs[] = { out_text(&sid), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct sid_list) { rows.at, rows.count };
    return err;
}

/* One that was ended has its expiry brought forward: one index holds all that is asked. */
enum err
store_session_count(struct store *st, unix_s now, int64_t most, int64_t *out)
{
    static const char sql[] = "SELECT COUNT(*) FROM"
                              " (SELECT 1 FROM session WHERE expires_at > $1 LIMIT $2) AS live";
    const struct arg args[] = { arg_time(now), arg_int(most), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_session_count_of(struct store *st, const char *person_id, unix_s now, int64_t *out)
{
    static const char sql[] = "SELECT COUNT(*) FROM session WHERE person_id = $1 AND ended_at = 0"
                              " AND expires_at > $2";
    const struct arg args[] = { arg_text(person_id), arg_time(now), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_session_count_before(struct store *st, unix_s before, unix_s now, int64_t *out)
{
    static const char sql[] = "SELECT COUNT(*) FROM session WHERE ended_at = 0 AND expires_at > $2"
                              " AND auth_time < $1";
    const struct arg args[] = { arg_time(before), arg_time(now), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

static enum err
listed(struct store *st, struct arena *arena, const char *sql, const struct arg *args,
       struct listed_session_list *out)
{
    struct listed_session row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_text(&row.sid), out_text(&row.subject.id),
                                out_int(&row.subject.kind), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct listed_session_list) { rows.at, rows.count };
    return err;
}

enum err
store_session_list_at(struct store *st, struct arena *arena, const char *terminal_id,
                      const char *but, struct listed_session_list *out)
{
    static const char sql[] = "SELECT sid, person_id, subject_kind FROM session"
                              " WHERE terminal_id = $1 AND terminal_id <> '' AND ended_at = 0"
                              " AND sid <> $2 ORDER BY sid LIMIT $3";
    const struct arg args[] = { arg_text(terminal_id), arg_text(but), arg_int(SESSION_PAGE),
                                ARG_END };

    return listed(st, arena, sql, args, out);
}

enum err
store_session_list_left(struct store *st, struct arena *arena, unix_s idle_since, unix_s now,
                        struct listed_session_list *out)
{
    static const char sql[] = "SELECT sid, person_id, subject_kind FROM session"
                              " WHERE terminal_id <> '' AND ended_at = 0"
                              " AND (seen_at <= $1 OR expires_at <= $2) ORDER BY sid LIMIT $3";
    const struct arg args[] = { arg_time(idle_since), arg_time(now), arg_int(SESSION_PAGE),
                                ARG_END };

    return listed(st, arena, sql, args, out);
}

enum err
store_session_list_staff_left(struct store *st, struct arena *arena, unix_s idle_since, unix_s now,
                              struct listed_session_list *out)
{
    static const char sql[] = "SELECT sid, person_id, subject_kind FROM session"
                              " WHERE subject_kind = 1 AND ended_at = 0"
                              " AND (seen_at <= $1 OR expires_at <= $2) ORDER BY sid LIMIT $3";
    const struct arg args[] = { arg_time(idle_since), arg_time(now), arg_int(SESSION_PAGE),
                                ARG_END };

    return listed(st, arena, sql, args, out);
}

enum err
store_session_list_before(struct store *st, struct arena *arena,
                          const struct sessions_before *which, struct listed_session_list *out)
{
    static const char sql[] = "SELECT sid, person_id, subject_kind FROM session WHERE sid > $1"
                              " AND ended_at = 0 AND expires_at > $2 AND auth_time < $3"
                              " ORDER BY sid LIMIT $4";
    const struct arg args[] = { arg_text(which->after), arg_time(which->now),
                                arg_time(which->before), arg_int(SESSION_PAGE), ARG_END };

    return listed(st, arena, sql, args, out);
}
