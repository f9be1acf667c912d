/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/consent.h"

#include "idp/store/rows.h"

/* Of the one that holds: made of its purpose and partner (0002_bounds.sql does the same). */
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
    static const char sql[] = "INSERT INTO consent (person_id, consent_id, purpose, partner_id, "
                              "scope, text_digest, channel, given_at, withdrawn_at)"
                              " VALUES ($1, " HOLDING_ID ", $2, $3, $4, $5, $6, $7, 0)";
    const struct arg args[] = { arg_text(consent->person_id),      arg_text(consent->purpose),
                                arg_text(consent->partner_id),     arg_text(consent->scope),
                                arg_digest(&consent->text_digest), arg_text(consent->channel),
                                arg_time(consent->given_at),       ARG_END };
    bool full;
    enum err err = is_full(st, consent->person_id, &full);

    if (err == OK && full)
        return ERR_FULL;
    return err == OK ? store_run(st, &(struct query) { .sql = sql, .args = args }) : err;
}

/* The version before gave every consent an id of its own: of several the newest speaks. */
enum err
store_consent_find(struct store *st, struct arena *arena, const struct consent_subject *subject,
                   struct stored_consent *out)
{
    static const char sql[] = "SELECT person_id, purpose, partner_id, scope, text_digest, channel, "
                              "given_at FROM consent WHERE person_id = $1 AND purpose = $2 AND "
                              "partner_id = $3 AND withdrawn_at = 0 ORDER BY given_at DESC LIMIT 1";
    const struct arg args[] = { arg_text(subject->person_id), arg_text(subject->purpose),
                                arg_text(subject->partner_id), ARG_END };
    const struct out outs[] = { out_text(&out->person_id),     out_text(&out->purpose),
                                out_text(&out->partner_id),    out_text(&out->scope),
                                out_digest(&out->text_digest), out_text(&out->channel),
                                out_time(&out->given_at),      OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
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
