/* SPDX-License-Identifier: Apache-2.0 */
/* The wrapped keys of the house, as rows. What the numbers mean is the keyring's
 * business (keys/keyring.h). */
#ifndef IDP_TABLES_KEY_H
#define IDP_TABLES_KEY_H

#include "idp/store/store.h"

struct stored_key {
    const char *key_id;
    int64_t purpose;
    const char *alg; /* "" for symmetric keys */
    int64_t state;
    int64_t serial;
    struct bytes wrapped;
    unix_s created_at;
    unix_s next_at; /* 0: never */
};

/* There are at most so many; those that are gone leave by the timer. */
#define KEY_ROWS_MAX 512

struct key_list {
    struct stored_key *at;
    size_t count;
};

/* All rows, oldest first. */
must_check enum err store_key_list(struct store *st, struct arena *arena, struct key_list *out);

/* ERR_CONFLICT when the id is taken, ERR_FULL when there are KEY_ROWS_MAX. */
must_check enum err store_key_insert(struct store *st, const struct stored_key *key);

/* ERR_CONFLICT when the key is not in state `from` (any more): of two nodes on
 * one timer, one moves it. */
must_check enum err store_key_move(struct store *st, const char *key_id, int64_t from, int64_t to,
                                   unix_s next_at);

must_check enum err store_key_delete(struct store *st, const char *key_id);

#endif
