/* SPDX-License-Identifier: Apache-2.0 */
/* Bank cards that proved a person, and the orders under which the bank network was asked. */
#ifndef IDP_TABLES_BANK_H
#define IDP_TABLES_BANK_H

#include "idp/store/store.h"

struct stored_bank_card {
    struct digest digest; /* keyed, of the card number, which is never stored */
    const char *person_id;
    const char *issuer_bin;
    const char *last_four;
    unix_s created_at;
};

/* ERR_CONFLICT when the card is known. */
must_check enum err store_bank_card_insert(struct store *st, const struct stored_bank_card *card);
must_check enum err store_bank_card_find(struct store *st, struct arena *arena,
                                         const struct digest *digest, struct stored_bank_card *out);

/* Every other state is settled, and the caller's to number. */
#define BANK_ORDER_PENDING 0

struct stored_bank_order {
    struct digest subject; /* what is asked: keyed digest of person and card */
    const char *order_id;
    unix_s txn_time; /* with order_id it names the order at the network */
    int64_t state;
    const char *code; /* of the network's answer; "" while pending */
    unix_s updated_at;
};

must_check enum err store_bank_order_find(struct store *st, struct arena *arena,
                                          const struct digest *subject,
                                          struct stored_bank_order *out);

/* ERR_CONFLICT when the subject has an order, settled or not. */
must_check enum err store_bank_order_insert(struct store *st,
                                            const struct stored_bank_order *order);

/*
 * Writes state, code and updated_at of the pending order with this subject and order_id.
 * ERR_CONFLICT when that order is settled already or has given way to another.
 */
must_check enum err store_bank_order_settle(struct store *st,
                                            const struct stored_bank_order *order);

/* A settled order gives way to this one. ERR_CONFLICT when the subject's order is
 * pending or there is none. */
must_check enum err store_bank_order_replace(struct store *st,
                                             const struct stored_bank_order *order);

#endif
