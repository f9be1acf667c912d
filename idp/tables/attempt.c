/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/attempt.h"

#include "idp/store/rows.h"

/* An expired window starts again in the same statement, so two callers cannot both start it. */
static enum err
add_to_row(struct store *st, const struct arg *args, struct attempt_tally *tally)
{
    static const char sql[] =
        "UPDATE attempt SET count = CASE WHEN expires_at <= $3 THEN 1"
        " WHEN form = $5 AND form <> '' AND form_before <> form THEN count ELSE count + 1 END,"
        " form_before = CASE WHEN expires_at <= $3 OR (form = $5 AND form_before = form) THEN ''"
        " ELSE form END, form = $5,"
        " window_start = CASE WHEN expires_at > $3 THEN window_start ELSE $3 END,"
        " expires_at = CASE WHEN expires_at > $3 THEN expires_at ELSE $4 END"
        " WHERE kind = $1 AND digest = $2"
        " RETURNING count, window_start, expires_at,"
        " CAST(CASE WHEN form = form_before AND form <> '' THEN 1 ELSE 0 END AS BIGINT)";
    const struct out outs[] = { out_int(&tally->count), out_time(&tally->marked_at),
                                out_time(&tally->ends_at), out_int(&tally->repeated), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

static enum err
insert_row(struct store *st, const struct attempt *attempt, unix_s now)
{
    static const char sql[] = "INSERT INTO attempt (kind, digest, window_start, count, expires_at,"
                              " form, owner) VALUES ($1, $2, $3, 1, $4, $5, $6)";
    const struct bytes owner = attempt->owner != NULL
                                   ? bytes_of(attempt->owner->bytes, sizeof(attempt->owner->bytes))
                                   : bytes_of(NULL, 0);
    const struct arg args[] = { arg_int(attempt->kind),
                                arg_digest(&attempt->digest),
                                arg_time(now),
                                arg_time(now + attempt->window_s),
                                arg_text(attempt->form),
                                arg_bytes(owner),
                                ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_attempt_add(struct store *st, const struct attempt *attempt, unix_s now,
                  struct attempt_tally *out)
{
    const struct arg args[] = { arg_int(attempt->kind),  arg_digest(&attempt->digest),
                                arg_time(now),           arg_time(now + attempt->window_s),
                                arg_text(attempt->form), ARG_END };
    struct attempt_tally tally = { 1, now, now + attempt->window_s, 0 };
    enum err err = add_to_row(st, args, &tally);

    if (err == ERR_NOT_FOUND)
        err = insert_row(st, attempt, now);
    if (err == OK)
        *out = tally;
    return err;
}

enum err
store_attempt_find(struct store *st, const struct attempt *attempt, unix_s now,
                   struct attempt_tally *out)
{
    static const char sql[] = "SELECT count, window_start, expires_at FROM attempt"
                              " WHERE kind = $1 AND digest = $2 AND expires_at > $3";
    const struct arg args[] = { arg_int(attempt->kind), arg_digest(&attempt->digest), arg_time(now),
                                ARG_END };
    struct attempt_tally tally = { 0 };
    const struct out outs[] = { out_int(&tally.count), out_time(&tally.marked_at),
                                out_time(&tally.ends_at), OUT_END };
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });

    if (err == OK)
        *out = tally;
    return err;
}

enum err
store_attempt_mark(struct store *st, const struct attempt *attempt, unix_s now)
{
    static const char sql[] =
        "UPDATE attempt SET window_start = $3 WHERE kind = $1 AND digest = $2";
    const struct arg args[] = { arg_int(attempt->kind), arg_digest(&attempt->digest), arg_time(now),
                                ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_attempt_give_back(struct store *st, const struct attempt *attempt)
{
    static const char sql[] =
        "UPDATE attempt SET count = count - 1, form = '' WHERE kind = $1 AND digest = $2"
        " AND count > 0 AND NOT (form = form_before AND form <> '')";
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

enum err
store_attempt_list_owned(struct store *st, struct arena *arena, const struct digest *owner,
                         unix_s now, struct owned_attempt_list *out)
{
    static const char sql[] = "SELECT kind, count, window_start, expires_at FROM attempt"
                              " WHERE owner = $1 AND expires_at > $2"
                              " ORDER BY count DESC, kind LIMIT $3";
    const struct arg args[] = { arg_digest(owner), arg_time(now), arg_int(OWNED_ATTEMPTS_MAX),
                                ARG_END };
    struct owned_attempt row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_int(&row.kind), out_int(&row.count), out_time(&row.marked_at),
                                out_time(&row.ends_at), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct owned_attempt_list) { rows.at, rows.count };
    return err;
}

enum err
store_attempt_clear_owned(struct store *st, const struct digest *owner, int64_t *cleared)
{
    static const char sql[] = "DELETE FROM attempt WHERE owner = $1";
    const struct arg args[] = { arg_digest(owner), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .changed = cleared });
}
