/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/bank.h"

#include "idp/store/row.h"

static const struct column card_columns[] = {
    COLUMN(COLUMN_DIGEST, struct stored_bank_card, digest),
    COLUMN(COLUMN_TEXT, struct stored_bank_card, person_id),
    COLUMN(COLUMN_TEXT, struct stored_bank_card, issuer_bin),
    COLUMN(COLUMN_TEXT, struct stored_bank_card, last_four),
    COLUMN(COLUMN_INT, struct stored_bank_card, created_at),
    COLUMNS_END,
};

static const struct column order_columns[] = {
    COLUMN(COLUMN_DIGEST, struct stored_bank_order, subject),
    COLUMN(COLUMN_TEXT, struct stored_bank_order, order_id),
    COLUMN(COLUMN_INT, struct stored_bank_order, txn_time),
    COLUMN(COLUMN_INT, struct stored_bank_order, state),
    COLUMN(COLUMN_TEXT, struct stored_bank_order, code),
    COLUMN(COLUMN_INT, struct stored_bank_order, updated_at),
    COLUMNS_END,
};

enum err
store_bank_card_insert(struct store *st, const struct stored_bank_card *card)
{
    static struct row_statement insert = { "INSERT INTO bank_card ({columns}) VALUES ({values})",
                                           card_columns, NULL };

    return row_insert(st, &insert, card);
}

enum err
store_bank_card_find(struct store *st, struct arena *arena, const struct digest *digest,
                     struct stored_bank_card *out)
{
    static struct row_statement find = { "SELECT {columns} FROM bank_card WHERE digest = $1",
                                         card_columns, NULL };
    const struct arg args[] = { arg_digest(digest), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_bank_order_find(struct store *st, struct arena *arena, const struct digest *subject,
                      struct stored_bank_order *out)
{
    static struct row_statement find = { "SELECT {columns} FROM bank_order WHERE subject = $1",
                                         order_columns, NULL };
    const struct arg args[] = { arg_digest(subject), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_bank_order_insert(struct store *st, const struct stored_bank_order *order)
{
    static struct row_statement insert = { "INSERT INTO bank_order ({columns}) VALUES ({values})",
                                           order_columns, NULL };

    return row_insert(st, &insert, order);
}

enum err
store_bank_order_settle(struct store *st, const struct stored_bank_order *order)
{
    static const char sql[] = "UPDATE bank_order SET state = $3, code = $4, updated_at = $5"
                              " WHERE subject = $1 AND order_id = $2 AND state = $6";
    const struct arg args[] = { arg_digest(&order->subject),
                                arg_text(order->order_id),
                                arg_int(order->state),
                                arg_text(order->code),
                                arg_time(order->updated_at),
                                arg_int(BANK_ORDER_PENDING),
                                ARG_END };

    return change_one(st, sql, args, ERR_CONFLICT);
}

enum err
store_bank_order_replace(struct store *st, const struct stored_bank_order *order)
{
    static const char sql[] = "UPDATE bank_order SET order_id = $2, txn_time = $3, state = $4, "
                              "code = $5, updated_at = $6 WHERE subject = $1 AND state <> $7";
    const struct arg args[] = { arg_digest(&order->subject), arg_text(order->order_id),
                                arg_time(order->txn_time),   arg_int(order->state),
                                arg_text(order->code),       arg_time(order->updated_at),
                                arg_int(BANK_ORDER_PENDING), ARG_END };

    return change_one(st, sql, args, ERR_CONFLICT);
}
