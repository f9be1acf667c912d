/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/revocation.h"

#include "idp/store/rows.h"
#include "idp/tables/epoch.h"

enum err
store_revoked_insert(struct store *st, const struct stored_revoked *revoked)
{
    static const char sql[] = "INSERT INTO revoked (bucket, at, revoked_id, target, until)"
                              " VALUES ($1, $2, $3, $4, $5)";
    const struct arg args[] = { arg_int(revoked->bucket),      arg_time(revoked->at),
                                arg_text(revoked->revoked_id), arg_text(revoked->target),
                                arg_time(revoked->until),      ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

/* `at >= $2` alone says where in the index to begin. */
enum err
store_revoked_list(struct store *st, struct arena *arena, const struct revoked_after *after,
                   struct revoked_list *out)
{
    static const char sql[] = "SELECT bucket, at, revoked_id, target, until FROM revoked"
                              " WHERE bucket = $1 AND at >= $2 AND (at > $2 OR revoked_id > $3)"
                              " AND until > $4 ORDER BY at, revoked_id LIMIT $5";
    const struct arg args[] = { arg_int(after->bucket),      arg_time(after->at),
                                arg_text(after->revoked_id), arg_time(after->now),
                                arg_int(REVOCATION_PAGE),    ARG_END };
    struct stored_revoked row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_int(&row.bucket),      out_time(&row.at),
                                out_text(&row.revoked_id), out_text(&row.target),
                                out_time(&row.until),      OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct revoked_list) { rows.at, rows.count };
    return err;
}

enum err
store_revocation_insert(struct store *st, const char *target, unix_s until)
{
    static const char sql[] = "INSERT INTO revocation (seq, target, until) VALUES ($1, $2, $3)";
    int64_t seq = 0;
    enum err err = ERR_INTERNAL;

    if (store_in_transaction(st))
        err = store_epoch_bump(st, "revocation", &seq);
    if (err != OK)
        return err;
    const struct arg args[] = { arg_int(seq), arg_text(target), arg_time(until), ARG_END };
    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_revocation_list(struct store *st, struct arena *arena, int64_t after_seq, unix_s now,
                      struct revocation_list *out)
{
    static const char sql[] = "SELECT seq, target, until FROM revocation"
                              " WHERE seq > $1 AND until > $2 ORDER BY seq LIMIT $3";
    const struct arg args[] = { arg_int(after_seq), arg_time(now), arg_int(REVOCATION_PAGE),
                                ARG_END };
    struct stored_revocation row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_int(&row.seq), out_text(&row.target), out_time(&row.until),
                                OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct revocation_list) { rows.at, rows.count };
    return err;
}
