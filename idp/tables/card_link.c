/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/card_link.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_card_link, person_id),
    COLUMN(COLUMN_TEXT, struct stored_card_link, channel),
    COLUMN(COLUMN_TEXT, struct stored_card_link, card_id),
    COLUMN(COLUMN_TEXT, struct stored_card_link, bound_key),
    COLUMN(COLUMN_TEXT, struct stored_card_link, sid),
    COLUMN(COLUMN_INT, struct stored_card_link, linked_at),
    COLUMNS_END,
};

enum err
store_card_link_put(struct store *st, const struct stored_card_link *link)
{
    static struct row_statement update = {
        "UPDATE card_link SET {sets} WHERE person_id = $1 AND channel = $2", columns, NULL
    };
    static struct row_statement insert = { "INSERT INTO card_link ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_put(st, &update, &insert, link);
}

enum err
store_card_link_find(struct store *st, struct arena *arena, const char *person_id,
                     const char *channel, struct stored_card_link *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM card_link WHERE person_id = $1 AND channel = $2", columns, NULL
    };
    const struct arg args[] = { arg_text(person_id), arg_text(channel), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_card_link_hold(struct store *st, const char *person_id, const char *channel, const char *sid)
{
    static const char sql[] = "UPDATE card_link SET sid = $3"
                              " WHERE person_id = $1 AND channel = $2 AND sid = $3";
    const struct arg args[] = { arg_text(person_id), arg_text(channel), arg_text(sid), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_card_link_delete(struct store *st, const char *person_id, const char *channel)
{
    static const char sql[] = "DELETE FROM card_link WHERE person_id = $1 AND channel = $2";
    const struct arg args[] = { arg_text(person_id), arg_text(channel), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
