/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/attempt.h"

#define TRIES 10

/* An expired window starts again in the same statement, so two callers cannot both start it. */
static enum err
add_to_row(struct store *st, const struct arg *args, int64_t *count)
{
    static const char sql[] =
        "UPDATE attempt SET count = CASE WHEN expires_at > $3 THEN count + 1 ELSE 1 END,"
        " window_start = CASE WHEN expires_at > $3 THEN window_start ELSE $3 END,"
        " expires_at = CASE WHEN expires_at > $3 THEN expires_at ELSE $4 END"
        " WHERE kind = $1 AND digest = $2 RETURNING count";
    const struct out outs[] = { out_int(count), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

static enum err
insert_row(struct store *st, const struct arg *args, int64_t *count)
{
    static const char sql[] = "INSERT INTO attempt (kind, digest, window_start, count, expires_at)"
                              " VALUES ($1, $2, $3, 1, $4)";

    *count = 1;
    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_attempt_add(struct store *st, const struct attempt *attempt, unix_s now, int64_t *count)
{
    const struct arg args[] = { arg_int(attempt->kind), arg_digest(&attempt->digest), arg_time(now),
                                arg_time(now + attempt->window_s), ARG_END };
    enum err err = ERR_CONFLICT;

    if (store_in_transaction(st))
        return ERR_INTERNAL;
    /* Between the statements another caller may insert the row, or sweep it. */
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++) {
        err = add_to_row(st, args, count);
        if (err == ERR_NOT_FOUND)
            err = insert_row(st, args, count);
    }
    return err;
}

enum err
store_attempt_count(struct store *st, const struct attempt *attempt, unix_s now, int64_t *count)
{
    static const char sql[] =
        "SELECT count FROM attempt WHERE kind = $1 AND digest = $2 AND expires_at > $3";
    const struct arg args[] = { arg_int(attempt->kind), arg_digest(&attempt->digest), arg_time(now),
                                ARG_END };
    const struct out outs[] = { out_int(count), OUT_END };
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });

    if (err != ERR_NOT_FOUND)
        return err;
    *count = 0;
    return OK;
}

enum err
store_attempt_give_back(struct store *st, const struct attempt *attempt)
{
    static const char sql[] =
        "UPDATE attempt SET count = count - 1 WHERE kind = $1 AND digest = $2 AND count > 0";
    const struct arg args[] = { arg_int(attempt->kind), arg_digest(&attempt->digest), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_attempt_clear(struct store *st, const struct attempt *attempt)
{
    static const char sql[] = "DELETE FROM attempt WHERE kind = $1 AND digest = $2";
    const struct arg args[] = { arg_int(attempt->kind), arg_digest(&attempt->digest), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}
