/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/card_use.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_card_use, person_id),
    COLUMN(COLUMN_TEXT, struct stored_card_use, use_id),
    COLUMN(COLUMN_INT, struct stored_card_use, at),
    COLUMN(COLUMN_TEXT, struct stored_card_use, card_id),
    COLUMN(COLUMN_TEXT, struct stored_card_use, partner_id),
    COLUMN(COLUMN_TEXT, struct stored_card_use, terminal_id),
    COLUMN(COLUMN_TEXT, struct stored_card_use, purpose),
    COLUMN(COLUMN_TEXT, struct stored_card_use, shown_by),
    COLUMNS_END,
};

enum err
store_card_use_insert(struct store *st, const struct stored_card_use *use)
{
    static struct row_statement insert = { "INSERT INTO card_use ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, use);
}

enum err
store_card_use_list(struct store *st, struct arena *arena, const char *person_id, unix_s before,
                    struct stored_card_use_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM card_use WHERE person_id = $1"
                                         " AND at < $2 ORDER BY at DESC, use_id LIMIT $3",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_time(before), arg_int(CARD_USE_PAGE),
                                ARG_END };
    struct stored_card_use row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct stored_card_use_list) { rows.at, rows.count };
    return err;
}

enum err
store_card_use_is_elsewhere(struct store *st, const struct card_use_elsewhere *which, bool *out)
{
    static const char sql[] = "SELECT 1 FROM card_use WHERE person_id = $1 AND at >= $3"
                              " AND partner_id <> $2 LIMIT 1";
    const struct arg args[] = { arg_text(which->person_id), arg_text(which->partner_id),
                                arg_time(which->since), ARG_END };

    return row_exists(st, sql, args, out);
}
