/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that others gave us, fetched by one node for all: the table `held_token`. */
#ifndef IDP_TABLES_HELD_TOKEN_H
#define IDP_TABLES_HELD_TOKEN_H

#include "idp/store/store.h"

struct held_token {
    const char *name; /* what it is, and of which application of ours */
    struct bytes value_sealed;
    unix_s fetched_at;
    unix_s renew_at; /* from when on another one is fetched */
    unix_s expires_at;
    unix_s forced_at;     /* when it was last replaced before its time; 0: never */
    int64_t forced_count; /* of that day in Beijing */
};

/* In place of the one there is. ERR_CONFLICT when it came into being in between. */
must_check enum err store_held_token_put(struct store *st, const struct held_token *token);

must_check enum err store_held_token_find(struct store *st, struct arena *arena, const char *name,
                                          struct held_token *out);

#endif
