/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/held_token.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct held_token, name),
    COLUMN(COLUMN_BYTES, struct held_token, value_sealed),
    COLUMN(COLUMN_INT, struct held_token, fetched_at),
    COLUMN(COLUMN_INT, struct held_token, renew_at),
    COLUMN(COLUMN_INT, struct held_token, expires_at),
    COLUMN(COLUMN_INT, struct held_token, forced_at),
    COLUMN(COLUMN_INT, struct held_token, forced_count),
    COLUMNS_END,
};

enum err
store_held_token_put(struct store *st, const struct held_token *token)
{
    static struct row_statement update = { "UPDATE held_token SET {sets} WHERE name = $1", columns,
                                           NULL };
    static struct row_statement insert = { "INSERT INTO held_token ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_put(st, &update, &insert, token);
}

enum err
store_held_token_find(struct store *st, struct arena *arena, const char *name,
                      struct held_token *out)
{
    static struct row_statement find = { "SELECT {columns} FROM held_token WHERE name = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(name), ARG_END };

    return row_find(st, &find, args, arena, out);
}
