/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/consent.h"

#include "idp/store/rows.h"

enum err
store_consent_insert(struct store *st, const struct stored_consent *consent)
{
    static const char sql[] = "INSERT INTO consent (person_id, consent_id, purpose, partner_id, "
                              "scope, text_digest, channel, given_at, withdrawn_at)"
                              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const struct arg args[] = { arg_text(consent->person_id),    arg_text(consent->consent_id),
                                arg_text(consent->purpose),      arg_text(consent->partner_id),
                                arg_text(consent->scope),        arg_digest(&consent->text_digest),
                                arg_text(consent->channel),      arg_time(consent->given_at),
                                arg_time(consent->withdrawn_at), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_consent_list(struct store *st, struct arena *arena, const struct consent_subject *subject,
                   struct consent_list *out)
{
    static const char sql[] = "SELECT person_id, consent_id, purpose, partner_id, scope, "
                              "text_digest, channel, given_at, withdrawn_at FROM consent"
                              " WHERE person_id = $1 AND purpose = $2 AND partner_id = $3"
                              " AND withdrawn_at = 0 ORDER BY given_at DESC, consent_id";
    const struct arg args[] = { arg_text(subject->person_id), arg_text(subject->purpose),
                                arg_text(subject->partner_id), ARG_END };
    struct stored_consent row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_text(&row.person_id),    out_text(&row.consent_id),
                                out_text(&row.purpose),      out_text(&row.partner_id),
                                out_text(&row.scope),        out_digest(&row.text_digest),
                                out_text(&row.channel),      out_time(&row.given_at),
                                out_time(&row.withdrawn_at), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct consent_list) { rows.at, rows.count };
    return err;
}

enum err
store_consent_withdraw(struct store *st, const char *person_id, const char *consent_id, unix_s now)
{
    static const char sql[] = "UPDATE consent SET withdrawn_at = $3"
                              " WHERE person_id = $1 AND consent_id = $2 AND withdrawn_at = 0";
    const struct arg args[] = { arg_text(person_id), arg_text(consent_id), arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
