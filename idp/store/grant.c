/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/grant.h"

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

static enum err
list(struct store *st, struct arena *arena, const char *sql, const struct arg *args,
     struct grant_list *out)
{
    struct stored_grant row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    struct out outs[COLUMN_COUNT + 1];
    enum err err;

    set_outs(&row, outs);
    err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);
    *out = (struct grant_list) { rows.at, rows.count };
    return err;
}

enum err
store_grant_list_of_session(struct store *st, struct arena *arena, const char *sid, unix_s now,
                            struct grant_list *out)
{
    static const char sql[] = "SELECT " COLUMNS " FROM partner_grant WHERE sid = $1"
                              " AND ended_at = 0 AND expires_at > $2 ORDER BY created_at, grant_id";
    const struct arg args[] = { arg_text(sid), arg_time(now), ARG_END };

    return list(st, arena, sql, args, out);
}

enum err
store_grant_list_between(struct store *st, struct arena *arena, const struct grant_parties *parties,
                         struct grant_list *out)
{
    static const char sql[] = "SELECT " COLUMNS " FROM partner_grant WHERE person_id = $1"
                              " AND partner_id = $2 AND ended_at = 0 ORDER BY created_at, grant_id";
    const struct arg args[] = { arg_text(parties->person_id), arg_text(parties->partner_id),
                                ARG_END };

    return list(st, arena, sql, args, out);
}
