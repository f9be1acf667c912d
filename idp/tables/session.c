/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/session.h"

#include <string.h>

#include "idp/store/rows.h"

#define COLUMNS                                                                                    \
    "sid, handle, person_id, channel, amr, level, auth_time, seen_at, expires_at, ended_at"
#define COLUMN_COUNT 10

static void
set_outs(struct stored_session *row, struct out outs[static COLUMN_COUNT + 1])
{
    const struct out all[] = { out_text(&row->sid),
                               out_digest(&row->handle),
                               out_text(&row->person_id),
                               out_text(&row->channel),
                               out_text(&row->amr),
                               out_int(&row->level),
                               out_time(&row->auth_time),
                               out_time(&row->seen_at),
                               out_time(&row->expires_at),
                               out_time(&row->ended_at),
                               OUT_END };

    memcpy(outs, all, sizeof(all));
}

enum err
store_session_insert(struct store *st, const struct stored_session *session)
{
    static const char sql[] =
        "INSERT INTO session (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    const struct arg args[] = { arg_text(session->sid),
                                arg_digest(&session->handle),
                                arg_text(session->person_id),
                                arg_text(session->channel),
                                arg_text(session->amr),
                                arg_int(session->level),
                                arg_time(session->auth_time),
                                arg_time(session->seen_at),
                                arg_time(session->expires_at),
                                arg_time(session->ended_at),
                                ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_session_load(struct store *st, struct arena *arena, const char *sid,
                   struct stored_session *out)
{
    static const char sql[] = "SELECT " COLUMNS " FROM session WHERE sid = $1";
    const struct arg args[] = { arg_text(sid), ARG_END };
    struct out outs[COLUMN_COUNT + 1];

    set_outs(out, outs);
    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

enum err
store_session_renew(struct store *st, const struct stored_session *session)
{
    static const char sql[] =
        "UPDATE session SET handle = $2, channel = $3, amr = $4, level = $5, auth_time = $6,"
        " seen_at = $7, expires_at = $8 WHERE sid = $1 AND ended_at = 0";
    const struct arg args[] = {
        arg_text(session->sid),     arg_digest(&session->handle),  arg_text(session->channel),
        arg_text(session->amr),     arg_int(session->level),       arg_time(session->auth_time),
        arg_time(session->seen_at), arg_time(session->expires_at), ARG_END
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
store_session_list(struct store *st, struct arena *arena, const char *person_id, unix_s now,
                   struct sid_list *out)
{
    static const char sql[] = "SELECT sid FROM session WHERE person_id = $1 AND ended_at = 0"
                              " AND expires_at > $2 ORDER BY sid LIMIT $3";
    const struct arg args[] = { arg_text(person_id), arg_time(now), arg_int(SESSION_PAGE),
                                ARG_END };
    const char *sid;
    struct rows rows = rows_of(arena, &sid, sizeof(sid));
    const struct out outs[] = { out_text(&sid), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct sid_list) { rows.at, rows.count };
    return err;
}
