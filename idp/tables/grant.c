/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/grant.h"

#include "idp/store/rows.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_grant, grant_id),
    APPROVAL_COLUMNS(struct stored_grant),
    COLUMN(COLUMN_INT, struct stored_grant, offline),
    COLUMN(COLUMN_INT, struct stored_grant, generation),
    COLUMN(COLUMN_INT, struct stored_grant, rotated_at),
    COLUMN(COLUMN_INT, struct stored_grant, created_at),
    COLUMN(COLUMN_INT, struct stored_grant, ended_at),
    COLUMNS_END,
};

enum err
store_grant_insert(struct store *st, const struct stored_grant *grant)
{
    static struct row_statement insert = {
        "INSERT INTO partner_grant ({columns}) VALUES ({values})", columns, NULL
    };

    return row_insert(st, &insert, grant);
}

enum err
store_grant_load(struct store *st, struct arena *arena, const char *grant_id,
                 struct stored_grant *out)
{
    static struct row_statement find = { "SELECT {columns} FROM partner_grant WHERE grant_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(grant_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_grant_rotate(struct store *st, struct arena *arena, const struct grant_turn *turn,
                   struct stored_grant *out)
{
    static struct row_statement rotate = {
        "UPDATE partner_grant SET generation = generation + 1, rotated_at = $3"
        " WHERE grant_id = $1 AND generation = $2 AND ended_at = 0 AND expires_at > $3"
        " RETURNING {columns}",
        columns, NULL
    };
    const struct arg args[] = { arg_text(turn->grant_id), arg_int(turn->generation),
                                arg_time(turn->now), ARG_END };

    return row_find(st, &rotate, args, arena, out);
}

/* The expiry is brought forward, so that the sweeper finds by one index all that has ended. */
enum err
store_grant_end(struct store *st, const char *grant_id, unix_s now)
{
    static const char sql[] = "UPDATE partner_grant SET ended_at = $2,"
                              " expires_at = CASE WHEN expires_at > $2 THEN $2 ELSE expires_at END"
                              " WHERE grant_id = $1 AND ended_at = 0";
    const struct arg args[] = { arg_text(grant_id), arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

/* The subqueries stop at their bounds; `offline` is held by persons, and '' is nobody. */
enum err
store_grant_room(struct store *st, struct arena *arena, const struct stored_grant *grant,
                 struct grant_room *out)
{
    static const char sql[] =
        "SELECT (SELECT grant_id FROM partner_grant WHERE sid = $1 AND partner_id = $2"
        " AND ended_at = 0 AND expires_at > $4 ORDER BY created_at DESC, grant_id DESC"
        " LIMIT 1 OFFSET $5),"
        " (SELECT CAST(1 AS BIGINT) FROM partner_grant WHERE sid = $1 AND ended_at = 0 AND "
        "expires_at > $4"
        " LIMIT 1 OFFSET $6),"
        " (SELECT CAST(1 AS BIGINT) FROM partner_grant WHERE person_id = $3 AND offline = 1 AND "
        "ended_at = 0"
        " AND expires_at > $4 LIMIT 1 OFFSET $7)";
    const struct arg args[] = { arg_text(grant->approval.sid),
                                arg_text(grant->approval.partner_id),
                                arg_text(grant->offline != 0 ? grant->approval.subject.id : ""),
                                arg_time(grant->created_at),
                                arg_int(GRANTS_OF_PARTNER_MAX - 1),
                                arg_int(GRANTS_OF_SESSION_MAX - 1),
                                arg_int(GRANTS_OFFLINE_MAX - 1),
                                ARG_END };
    const struct out outs[] = { out_text(&out->beyond), out_int(&out->session_full),
                                out_int(&out->person_full), OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

static enum err
list(struct store *st, struct arena *arena, const char *sql, const struct arg *args,
     struct grant_list *out)
{
    struct listed_grant row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_text(&row.grant_id), out_text(&row.partner_id),
                                out_time(&row.created_at), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct grant_list) { rows.at, rows.count };
    return err;
}

enum err
store_grant_list_of_session(struct store *st, struct arena *arena, const char *sid, unix_s now,
                            struct grant_list *out)
{
    static const char sql[] = "SELECT grant_id, partner_id, created_at FROM partner_grant"
                              " WHERE sid = $1 AND offline = 0 AND ended_at = 0 AND expires_at > $2"
                              " ORDER BY grant_id LIMIT $3";
    const struct arg args[] = { arg_text(sid), arg_time(now), arg_int(GRANT_PAGE), ARG_END };

    return list(st, arena, sql, args, out);
}

enum err
store_grant_list_of_person(struct store *st, struct arena *arena, const struct grants_of *which,
                           struct grant_list *out)
{
    static const char sql[] = "SELECT grant_id, partner_id, created_at FROM partner_grant"
                              " WHERE person_id = $1 AND ended_at = 0 AND expires_at > $2"
                              " AND created_at < $4 ORDER BY grant_id LIMIT $3";
    const struct arg args[] = { arg_text(which->person_id), arg_time(which->now),
                                arg_int(GRANT_PAGE), arg_time(which->before), ARG_END };

    return list(st, arena, sql, args, out);
}

enum err
store_grant_list_by_method(struct store *st, struct arena *arena,
                           const struct grants_by_method *which, struct grant_list *out)
{
    static const char sql[] = "SELECT grant_id, partner_id, created_at FROM partner_grant"
                              " WHERE person_id = $1 AND ended_at = 0 AND expires_at > $2"
                              " AND (' ' || amr || ' ' LIKE '% ' || $4 || ' %'"
                              " OR ' ' || amr || ' ' LIKE '% ' || $5 || ' %')"
                              " ORDER BY grant_id LIMIT $3";
    const struct arg args[] = { arg_text(which->person_id), arg_time(which->now),
                                arg_int(GRANT_PAGE),        arg_text(which->method),
                                arg_text(which->other),     ARG_END };

    return list(st, arena, sql, args, out);
}

enum err
store_grant_list_beyond(struct store *st, struct arena *arena, const struct stored_grant *grant,
                        struct grant_list *out)
{
    static const char sql[] = "SELECT grant_id, partner_id, created_at FROM partner_grant"
                              " WHERE sid = $1 AND partner_id = $2 AND ended_at = 0"
                              " AND expires_at > $3 ORDER BY created_at DESC, grant_id DESC"
                              " LIMIT $4 OFFSET $5";
    const struct arg args[] = {
        arg_text(grant->approval.sid),      arg_text(grant->approval.partner_id),
        arg_time(grant->created_at),        arg_int(GRANT_PAGE),
        arg_int(GRANTS_OF_PARTNER_MAX - 1), ARG_END
    };

    return list(st, arena, sql, args, out);
}

enum err
store_grant_list(struct store *st, struct arena *arena, const char *after, struct grant_list *out)
{
    static const char sql[] = "SELECT grant_id, partner_id, created_at FROM partner_grant"
                              " WHERE grant_id > $1 AND ended_at = 0 ORDER BY grant_id LIMIT $2";
    const struct arg args[] = { arg_text(after), arg_int(GRANT_PAGE), ARG_END };

    return list(st, arena, sql, args, out);
}

enum err
store_grant_list_partners(struct store *st, struct arena *arena, const char *sid,
                          const struct grant_after *after, struct grant_list *out)
{
    static const char sql[] =
        "SELECT MIN(grant_id), partner_id, MIN(created_at) FROM partner_grant WHERE sid = $1"
        " AND partner_id > $2 AND ended_at = 0 AND expires_at > $3"
        " GROUP BY partner_id ORDER BY partner_id LIMIT $4";
    const struct arg args[] = { arg_text(sid), arg_text(after->partner_id), arg_time(after->now),
                                arg_int(GRANT_PAGE), ARG_END };

    return list(st, arena, sql, args, out);
}

enum err
store_grant_count_of(struct store *st, const char *person_id, unix_s now, int64_t *out)
{
    static const char sql[] = "SELECT COUNT(*) FROM partner_grant WHERE person_id = $1"
                              " AND ended_at = 0 AND expires_at > $2";
    const struct arg args[] = { arg_text(person_id), arg_time(now), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_grant_count_before(struct store *st, unix_s before, unix_s now, int64_t *out)
{
    static const char sql[] = "SELECT COUNT(*) FROM partner_grant WHERE ended_at = 0"
                              " AND expires_at > $2 AND created_at < $1";
    const struct arg args[] = { arg_time(before), arg_time(now), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}
