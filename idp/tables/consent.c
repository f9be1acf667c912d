/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/consent.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_consent, person_id),
    COLUMN(COLUMN_TEXT, struct stored_consent, purpose),
    COLUMN(COLUMN_TEXT, struct stored_consent, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_consent, scope),
    COLUMN(COLUMN_DIGEST, struct stored_consent, text_digest),
    COLUMN(COLUMN_TEXT, struct stored_consent, channel),
    COLUMN(COLUMN_INT, struct stored_consent, given_at),
    COLUMNS_END,
};

/* Of the one that holds: made of its purpose and partner, $2 and $3 of every statement here
 * (0002_bounds.sql does the same). */
#define HOLDING_ID "$2 || '/' || $3"

static enum err
is_full(struct store *st, const char *person_id, bool *out)
{
    static const char sql[] = "SELECT given_at FROM consent WHERE person_id = $1 LIMIT 1 OFFSET $2";
    const struct arg args[] = { arg_text(person_id), arg_int(CONSENTS_MAX - 1), ARG_END };

    return row_exists(st, sql, args, out);
}

enum err
store_consent_insert(struct store *st, const struct stored_consent *consent)
{
    static struct row_statement insert = {
        "INSERT INTO consent ({columns}, consent_id, withdrawn_at)"
        " VALUES ({values}, " HOLDING_ID ", 0)",
        columns, NULL
    };
    bool full;
    enum err err = is_full(st, consent->person_id, &full);

    if (err == OK && full)
        return ERR_FULL;
    return err == OK ? row_insert(st, &insert, consent) : err;
}

/* The version before gave every consent an id of its own: of several the newest speaks. */
enum err
store_consent_find(struct store *st, struct arena *arena, const struct consent_subject *subject,
                   struct stored_consent *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM consent WHERE person_id = $1 AND purpose = $2 AND partner_id = $3"
        " AND withdrawn_at = 0 ORDER BY given_at DESC LIMIT 1",
        columns, NULL
    };
    const struct arg args[] = { arg_text(subject->person_id), arg_text(subject->purpose),
                                arg_text(subject->partner_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

/* What the version before left beside it goes along; a newer one, or another of the same second,
 * is somebody else's word. */
enum err
store_consent_withdraw(struct store *st, const struct stored_consent *given, const char *aside,
                       unix_s now)
{
    static const char sql[] =
        "UPDATE consent SET withdrawn_at = $5,"
        " consent_id = CASE WHEN consent_id = " HOLDING_ID " THEN $4 ELSE consent_id END"
        " WHERE person_id = $1 AND purpose = $2 AND partner_id = $3 AND withdrawn_at = 0"
        " AND given_at <= $6 AND (given_at < $6 OR scope = $7)";
    const struct arg args[] = { arg_text(given->person_id),
                                arg_text(given->purpose),
                                arg_text(given->partner_id),
                                arg_text(aside),
                                arg_time(now),
                                arg_time(given->given_at),
                                arg_text(given->scope),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
