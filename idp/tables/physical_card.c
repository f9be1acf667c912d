/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/physical_card.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_DIGEST, struct stored_physical_card, holder),
    COLUMN(COLUMN_DIGEST, struct stored_physical_card, card_key),
    COLUMN(COLUMN_TEXT, struct stored_physical_card, region),
    COLUMN(COLUMN_BYTES, struct stored_physical_card, number_sealed),
    COLUMN(COLUMN_INT, struct stored_physical_card, state),
    COLUMN(COLUMN_INT, struct stored_physical_card, valid_from),
    COLUMN(COLUMN_INT, struct stored_physical_card, valid_to),
    COLUMN(COLUMN_INT, struct stored_physical_card, lapses_at),
    COLUMN(COLUMN_INT, struct stored_physical_card, position),
    COLUMN(COLUMN_INT, struct stored_physical_card, changed_at),
    COLUMNS_END,
};

enum err
store_physical_card_load(struct store *st, struct arena *arena, const struct digest *holder,
                         const struct digest *card_key, struct stored_physical_card *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM physical_card WHERE holder = $1 AND card_key = $2", columns, NULL
    };
    const struct arg args[] = { arg_digest(holder), arg_digest(card_key), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_physical_card_list(struct store *st, struct arena *arena, const struct digest *holder,
                         struct physical_card_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM physical_card WHERE holder = $1"
                                         " ORDER BY position DESC, card_key LIMIT $2",
                                         columns, NULL };
    const struct arg args[] = { arg_digest(holder), arg_int(PHYSICAL_CARD_PAGE), ARG_END };
    struct stored_physical_card row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct physical_card_list) { rows.at, rows.count };
    return err;
}

/* ERR_NOT_FOUND: there is none, or none of an earlier position. */
static enum err
bring_up_to_date(struct store *st, const struct stored_physical_card *card)
{
    static const char sql[] =
        "UPDATE physical_card SET number_sealed = $3, state = $4, valid_from = $5,"
        " valid_to = $6, lapses_at = $7, position = $8, changed_at = $9"
        " WHERE holder = $1 AND card_key = $2 AND position < $8";
    const struct arg args[] = { arg_digest(&card->holder),      arg_digest(&card->card_key),
                                arg_bytes(card->number_sealed), arg_int(card->state),
                                arg_int(card->valid_from),      arg_int(card->valid_to),
                                arg_time(card->lapses_at),      arg_int(card->position),
                                arg_time(card->changed_at),     ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_physical_card_put(struct store *st, struct arena *arena,
                        const struct stored_physical_card *card)
{
    static struct row_statement insert = {
        "INSERT INTO physical_card ({columns}) VALUES ({values})", columns, NULL
    };
    struct stored_physical_card present;
    enum err err = store_in_transaction(st) ? bring_up_to_date(st, card) : ERR_INTERNAL;

    if (err == ERR_NOT_FOUND)
        err = store_physical_card_load(st, arena, &card->holder, &card->card_key, &present);
    return err == ERR_NOT_FOUND ? row_insert(st, &insert, card) : err;
}

enum err
store_physical_card_holder(struct store *st, const struct digest *card_key, struct digest *out)
{
    static const char sql[] = "SELECT holder FROM physical_card WHERE card_key = $1"
                              " ORDER BY changed_at DESC, holder LIMIT 1";
    const struct arg args[] = { arg_digest(card_key), ARG_END };
    const struct out outs[] = { out_digest(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}
