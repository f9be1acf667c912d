/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/partner.h"

#include "idp/store/rows.h"

enum err
store_partner_list(struct store *st, struct arena *arena, struct stored_partner_list *out)
{
    static const char sql[] = "SELECT partner_id, profile, secret_digest, secret_sealed, "
                              "updated_at FROM partner ORDER BY partner_id";
    struct stored_partner row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    const struct out outs[] = { out_text(&row.partner_id),     out_text(&row.profile),
                                out_bytes(&row.secret_digest), out_bytes(&row.secret_sealed),
                                out_time(&row.updated_at),     OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .outs = outs }, &rows);

    *out = (struct stored_partner_list) { rows.at, rows.count };
    return err;
}

enum err
store_partner_put(struct store *st, const struct stored_partner *partner)
{
    static const char update[] = "UPDATE partner SET profile = $2, secret_digest = $3, "
                                 "secret_sealed = $4, updated_at = $5 WHERE partner_id = $1";
    static const char insert[] = "INSERT INTO partner (partner_id, profile, secret_digest, "
                                 "secret_sealed, updated_at) VALUES ($1, $2, $3, $4, $5)";
    const struct arg args[] = {
        arg_text(partner->partner_id),     arg_text(partner->profile),
        arg_bytes(partner->secret_digest), arg_bytes(partner->secret_sealed),
        arg_time(partner->updated_at),     ARG_END
    };

    return change_or_insert(st, update, insert, args);
}

enum err
store_partner_delete(struct store *st, const char *partner_id)
{
    static const char sql[] = "DELETE FROM partner WHERE partner_id = $1";
    const struct arg args[] = { arg_text(partner_id), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
