/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/partner.h"

#include "idp/store/rows.h"

enum err
store_partner_list(struct store *st, struct arena *arena, const char *after,
                   struct stored_partner_list *out)
{
    static const char sql[] = "SELECT partner_id, profile, secret_digest, secret_sealed, since, "
                              "updated_at FROM partner WHERE partner_id > $1 AND removed_at = 0"
                              " ORDER BY partner_id LIMIT $2";
    const struct arg args[] = { arg_text(after), arg_int(PARTNER_PAGE), ARG_END };
    struct stored_partner row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_text(&row.partner_id),
                                out_text(&row.profile),
                                out_bytes(&row.secret_digest),
                                out_bytes(&row.secret_sealed),
                                out_time(&row.since),
                                out_time(&row.updated_at),
                                OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct stored_partner_list) { rows.at, rows.count };
    return err;
}

enum err
store_partner_put(struct store *st, const struct stored_partner *partner)
{
    static const char update[] =
        "UPDATE partner SET profile = $2, secret_digest = $3, secret_sealed = $4, since = $5, "
        "updated_at = $6, removed_at = 0 WHERE partner_id = $1";
    static const char insert[] =
        "INSERT INTO partner (partner_id, profile, secret_digest, secret_sealed, since, "
        "updated_at, removed_at) VALUES ($1, $2, $3, $4, $5, $6, 0)";
    const struct arg args[] = { arg_text(partner->partner_id),
                                arg_text(partner->profile),
                                arg_bytes(partner->secret_digest),
                                arg_bytes(partner->secret_sealed),
                                arg_time(partner->since),
                                arg_time(partner->updated_at),
                                ARG_END };

    return change_or_insert(st, update, insert, args);
}

enum err
store_partner_remove(struct store *st, const char *partner_id, unix_s now)
{
    static const char sql[] =
        "UPDATE partner SET profile = '', secret_digest = NULL, secret_sealed = NULL, "
        "updated_at = $2, removed_at = $2 WHERE partner_id = $1 AND removed_at = 0";
    const struct arg args[] = { arg_text(partner_id), arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_partner_removed_at(struct store *st, const char *partner_id, unix_s *out)
{
    static const char sql[] =
        "SELECT removed_at FROM partner WHERE partner_id = $1 AND removed_at > 0";
    const struct arg args[] = { arg_text(partner_id), ARG_END };
    const struct out outs[] = { out_time(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_partner_any_removed(struct store *st, unix_s at, bool *out)
{
    static const char sql[] =
        "SELECT removed_at FROM partner WHERE removed_at >= $1 AND removed_at > 0 LIMIT 1";
    const struct arg args[] = { arg_time(at), ARG_END };

    return row_exists(st, sql, args, out);
}
