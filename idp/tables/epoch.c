/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/epoch.h"

#include "idp/store/rows.h"

enum err
store_epoch_read(struct store *st, struct epochs *out)
{
    static const char sql[] = "SELECT MAX(CASE WHEN name = 'revocation' THEN value END),"
                              " MAX(CASE WHEN name = 'partner' THEN value END),"
                              " MAX(CASE WHEN name = 'keyring' THEN value END) FROM epoch";
    const struct out outs[] = { out_int(&out->revocation), out_int(&out->partner),
                                out_int(&out->keyring), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .outs = outs });
}

enum err
store_epoch_bump(struct store *st, const char *name, int64_t *out)
{
    static const char sql[] = "UPDATE epoch SET value = value + 1 WHERE name = $1 RETURNING value";
    const struct arg args[] = { arg_text(name), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
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
    const struct arg args[] = { arg_int(after_seq), arg_time(now), arg_int(REVOCATION_BATCH),
                                ARG_END };
    struct stored_revocation row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_int(&row.seq), out_text(&row.target), out_time(&row.until),
                                OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct revocation_list) { rows.at, rows.count };
    return err;
}
