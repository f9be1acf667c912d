/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/ecard.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_ecard, person_id),
    COLUMN(COLUMN_TEXT, struct stored_ecard, card_id),
    COLUMN(COLUMN_DIGEST, struct stored_ecard, holder),
    COLUMN(COLUMN_DIGEST, struct stored_ecard, card_key),
    COLUMN(COLUMN_TEXT, struct stored_ecard, region),
    COLUMN(COLUMN_INT, struct stored_ecard, own_state),
    COLUMN(COLUMN_INT, struct stored_ecard, loss),
    COLUMN(COLUMN_INT, struct stored_ecard, loss_at),
    COLUMN(COLUMN_INT, struct stored_ecard, loss_lapses_at),
    COLUMN(COLUMN_INT, struct stored_ecard, valid_to),
    COLUMN(COLUMN_INT, struct stored_ecard, issued_at),
    COLUMN(COLUMN_INT, struct stored_ecard, activated_at),
    COLUMN(COLUMN_INT, struct stored_ecard, changed_at),
    COLUMNS_END,
};

static const struct column past_columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_ecard_past, person_id),
    COLUMN(COLUMN_TEXT, struct stored_ecard_past, card_id),
    COLUMN(COLUMN_TEXT, struct stored_ecard_past, region),
    COLUMN(COLUMN_INT, struct stored_ecard_past, loss),
    COLUMN(COLUMN_INT, struct stored_ecard_past, issued_at),
    COLUMN(COLUMN_INT, struct stored_ecard_past, closed_at),
    COLUMN(COLUMN_TEXT, struct stored_ecard_past, reason),
    COLUMNS_END,
};

enum err
store_ecard_insert(struct store *st, const struct stored_ecard *card)
{
    static struct row_statement insert = { "INSERT INTO ecard ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, card);
}

enum err
store_ecard_find(struct store *st, struct arena *arena, const char *person_id,
                 struct stored_ecard *out)
{
    static struct row_statement find = { "SELECT {columns} FROM ecard WHERE person_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_ecard_hold(struct store *st, struct arena *arena, const char *person_id, const char *card_id,
                 struct stored_ecard *out)
{
    static struct row_statement hold = { "UPDATE ecard SET card_id = $2 WHERE person_id = $1"
                                         " AND card_id = $2 RETURNING {columns}",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_text(card_id), ARG_END };

    return row_find(st, &hold, args, arena, out);
}

enum err
store_ecard_change(struct store *st, const struct stored_ecard *card)
{
    static const char sql[] =
        "UPDATE ecard SET own_state = $3, loss = $4, loss_at = $5, loss_lapses_at = $6, valid_to = $7,"
        " activated_at = $8, changed_at = $9"
        " WHERE person_id = $1 AND card_id = $2";
    const struct arg args[] = { arg_text(card->person_id),  arg_text(card->card_id),
                                arg_int(card->own_state),   arg_int(card->loss),
                                arg_time(card->loss_at),    arg_time(card->loss_lapses_at),
                                arg_int(card->valid_to),    arg_time(card->activated_at),
                                arg_time(card->changed_at), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_ecard_close(struct store *st, const struct stored_ecard *card, const char *reason, unix_s now)
{
    static const char remove[] = "DELETE FROM ecard WHERE person_id = $1 AND card_id = $2";
    static struct row_statement insert = { "INSERT INTO ecard_past ({columns}) VALUES ({values})",
                                           past_columns, NULL };
    const struct arg args[] = { arg_text(card->person_id), arg_text(card->card_id), ARG_END };
    const struct stored_ecard_past past = {
        .person_id = card->person_id,
        .card_id = card->card_id,
        .region = card->region,
        .loss = card->loss,
        .issued_at = card->issued_at,
        .closed_at = now,
        .reason = reason,
    };
    enum err err =
        store_in_transaction(st) ? change_one(st, remove, args, ERR_NOT_FOUND) : ERR_INTERNAL;

    return err == OK ? row_insert(st, &insert, &past) : err;
}

enum err
store_ecard_past_list(struct store *st, struct arena *arena, const char *person_id,
                      struct ecard_past_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM ecard_past WHERE person_id = $1"
                                         " ORDER BY closed_at DESC, card_id LIMIT $2",
                                         past_columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_int(ECARD_PAST_PAGE), ARG_END };
    struct stored_ecard_past row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct ecard_past_list) { rows.at, rows.count };
    return err;
}
