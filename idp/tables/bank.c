/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/bank.h"

#include "idp/store/rows.h"

enum err
store_bank_card_insert(struct store *st, const struct stored_bank_card *card)
{
    static const char sql[] = "INSERT INTO bank_card (digest, person_id, issuer_bin, last_four, "
                              "created_at) VALUES ($1, $2, $3, $4, $5)";
    const struct arg args[] = { arg_digest(&card->digest),  arg_text(card->person_id),
                                arg_text(card->issuer_bin), arg_text(card->last_four),
                                arg_time(card->created_at), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_bank_card_find(struct store *st, struct arena *arena, const struct digest *digest,
                     struct stored_bank_card *out)
{
    static const char sql[] = "SELECT digest, person_id, issuer_bin, last_four, created_at"
                              " FROM bank_card WHERE digest = $1";
    const struct arg args[] = { arg_digest(digest), ARG_END };
    const struct out outs[] = { out_digest(&out->digest),   out_text(&out->person_id),
                                out_text(&out->issuer_bin), out_text(&out->last_four),
                                out_time(&out->created_at), OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

enum err
store_bank_order_find(struct store *st, struct arena *arena, const struct digest *subject,
                      struct stored_bank_order *out)
{
    static const char sql[] = "SELECT subject, order_id, txn_time, state, code, updated_at"
                              " FROM bank_order WHERE subject = $1";
    const struct arg args[] = { arg_digest(subject), ARG_END };
    const struct out outs[] = { out_digest(&out->subject),
                                out_text(&out->order_id),
                                out_time(&out->txn_time),
                                out_int(&out->state),
                                out_text(&out->code),
                                out_time(&out->updated_at),
                                OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

enum err
store_bank_order_insert(struct store *st, const struct stored_bank_order *order)
{
    static const char sql[] = "INSERT INTO bank_order (subject, order_id, txn_time, state, code, "
                              "updated_at) VALUES ($1, $2, $3, $4, $5, $6)";
    const struct arg args[] = { arg_digest(&order->subject),
                                arg_text(order->order_id),
                                arg_time(order->txn_time),
                                arg_int(order->state),
                                arg_text(order->code),
                                arg_time(order->updated_at),
                                ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
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
