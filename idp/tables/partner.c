/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/partner.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_partner, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_partner, profile),
    COLUMN(COLUMN_BYTES, struct stored_partner, secret_digest),
    COLUMN(COLUMN_BYTES, struct stored_partner, secret_sealed),
    COLUMN(COLUMN_INT, struct stored_partner, secret_at),
    COLUMN(COLUMN_BYTES, struct stored_partner, before_digest),
    COLUMN(COLUMN_BYTES, struct stored_partner, before_sealed),
    COLUMN(COLUMN_INT, struct stored_partner, before_until),
    COLUMN(COLUMN_INT, struct stored_partner, since),
    COLUMN(COLUMN_INT, struct stored_partner, updated_at),
    COLUMN(COLUMN_INT, struct stored_partner, removed_at),
    COLUMNS_END,
};

static enum err
list_page(struct store *st, struct arena *arena, const struct arg *args,
          struct stored_partner_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM partner"
                                         " WHERE partner_id > $1 AND removed_at <= $2"
                                         " ORDER BY partner_id LIMIT $3",
                                         columns, NULL };
    struct stored_partner row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct stored_partner_list) { rows.at, rows.count };
    return err;
}

enum err
store_partner_list(struct store *st, struct arena *arena, const char *after,
                   struct stored_partner_list *out)
{
    const struct arg args[] = { arg_text(after), arg_int(0), arg_int(PARTNER_PAGE), ARG_END };

    return list_page(st, arena, args, out);
}

enum err
store_partner_list_all(struct store *st, struct arena *arena, const char *after,
                       struct stored_partner_list *out)
{
    const struct arg args[] = { arg_text(after), arg_time(TIME_NEVER), arg_int(PARTNER_PAGE),
                                ARG_END };

    return list_page(st, arena, args, out);
}

enum err
store_partner_load(struct store *st, struct arena *arena, const char *partner_id,
                   struct stored_partner *out)
{
    static struct row_statement find = { "SELECT {columns} FROM partner WHERE partner_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(partner_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_partner_put(struct store *st, const struct stored_partner *partner)
{
    static struct row_statement update = { "UPDATE partner SET {sets} WHERE partner_id = $1",
                                           columns, NULL };
    static struct row_statement insert = { "INSERT INTO partner ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_put(st, &update, &insert, partner);
}

enum err
store_partner_remove(struct store *st, const char *partner_id, unix_s now)
{
    static const char sql[] = "UPDATE partner SET profile = '', updated_at = $2, removed_at = $2"
                              " WHERE partner_id = $1 AND removed_at = 0";
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
