/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/grant.h"

#include <string.h>

#include "idp/store/rows.h"

#define COLUMNS                                                                                    \
    "grant_id, person_id, partner_id, sid, scope, claims, acr, amr, auth_time, offline, "          \
    "generation, rotated_at, created_at, expires_at, ended_at"
#define COLUMN_COUNT 15

static void
set_outs(struct stored_grant *row, struct out outs[static COLUMN_COUNT + 1])
{
    const struct out all[] = { out_text(&row->grant_id),   out_text(&row->person_id),
                               out_text(&row->partner_id), out_text(&row->sid),
                               out_text(&row->scope),      out_text(&row->claims),
                               out_text(&row->acr),        out_text(&row->amr),
                               out_time(&row->auth_time),  out_int(&row->offline),
                               out_int(&row->generation),  out_time(&row->rotated_at),
                               out_time(&row->created_at), out_time(&row->expires_at),
                               out_time(&row->ended_at),   OUT_END };

    memcpy(outs, all, sizeof(all));
}

enum err
store_grant_insert(struct store *st, const struct stored_grant *grant)
{
    static const char sql[] = "INSERT INTO partner_grant (" COLUMNS ") VALUES ($1, $2, $3, $4, $5,"
                              " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    const struct arg args[] = { arg_text(grant->grant_id),   arg_text(grant->person_id),
                                arg_text(grant->partner_id), arg_text(grant->sid),
                                arg_text(grant->scope),      arg_text(grant->claims),
                                arg_text(grant->acr),        arg_text(grant->amr),
                                arg_time(grant->auth_time),  arg_int(grant->offline),
                                arg_int(grant->generation),  arg_time(grant->rotated_at),
                                arg_time(grant->created_at), arg_time(grant->expires_at),
                                arg_time(grant->ended_at),   ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_grant_load(struct store *st, struct arena *arena, const char *grant_id,
                 struct stored_grant *out)
{
    static const char sql[] = "SELECT " COLUMNS " FROM partner_grant WHERE grant_id = $1";
    const struct arg args[] = { arg_text(grant_id), ARG_END };
    struct out outs[COLUMN_COUNT + 1];

    set_outs(out, outs);
    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

enum err
store_grant_rotate(struct store *st, struct arena *arena, const struct grant_turn *turn,
                   struct stored_grant *out)
{
    static const char sql[] =
        "UPDATE partner_grant SET generation = generation + 1, rotated_at = $3"
        " WHERE grant_id = $1 AND generation = $2 AND ended_at = 0 AND expires_at > $3"
        " RETURNING " COLUMNS;
    const struct arg args[] = { arg_text(turn->grant_id), arg_int(turn->generation),
                                arg_time(turn->now), ARG_END };
    struct out outs[COLUMN_COUNT + 1];

    set_outs(out, outs);
    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
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
    const struct arg args[] = { arg_text(grant->sid),
                                arg_text(grant->partner_id),
                                arg_text(grant->offline != 0 ? grant->person_id : ""),
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
store_grant_list_of_person(struct store *st, struct arena *arena, const char *person_id, unix_s now,
                           struct grant_list *out)
{
    static const char sql[] = "SELECT grant_id, partner_id, created_at FROM partner_grant"
                              " WHERE person_id = $1 AND ended_at = 0 AND expires_at > $2"
                              " ORDER BY grant_id LIMIT $3";
    const struct arg args[] = { arg_text(person_id), arg_time(now), arg_int(GRANT_PAGE), ARG_END };

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
        arg_text(grant->sid), arg_text(grant->partner_id),        arg_time(grant->created_at),
        arg_int(GRANT_PAGE),  arg_int(GRANTS_OF_PARTNER_MAX - 1), ARG_END
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
