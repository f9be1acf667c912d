/* SPDX-License-Identifier: Apache-2.0 */
/* Back-channel logout calls to be made, until they are done. */
#ifndef IDP_TABLES_LOGOUT_H
#define IDP_TABLES_LOGOUT_H

#include "idp/store/store.h"

struct stored_delivery {
    const char *delivery_id;
    const char *partner_id;
    const char *person_id;
    const char *sid;
    int64_t tries;  /* begun so far */
    unix_s next_at; /* when it is due; once done, when the row is swept */
    unix_s done_at; /* 0: not done */
    const char *outcome;
    unix_s created_at;
};

struct delivery_list {
    struct stored_delivery *at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_delivery_insert(struct store *st, const struct stored_delivery *delivery);

struct delivery_claim {
    unix_s now;
    int64_t lease_s; /* how long nobody else will send them */
    int64_t max;
};

/* Up to `max` that are due, for this caller alone until its lease is over;
 * each counts one try more. */
must_check enum err store_delivery_claim(struct store *st, struct arena *arena,
                                         const struct delivery_claim *claim,
                                         struct delivery_list *out);

/* ERR_NOT_FOUND when it is done already or absent. */
must_check enum err store_delivery_done(struct store *st, const char *delivery_id, unix_s now,
                                        const char *outcome);
/* It is due again at `next_at`. ERR_NOT_FOUND as above. */
must_check enum err store_delivery_retry(struct store *st, const char *delivery_id, unix_s next_at,
                                         const char *outcome);

#endif
