/* SPDX-License-Identifier: Apache-2.0 */
/* When a pensioner was seen alive (养老待遇资格认证). */
#ifndef IDP_TABLES_SURVIVAL_H
#define IDP_TABLES_SURVIVAL_H

#include "idp/store/store.h"

/* Stored. */
enum survival_how {
    SURVIVAL_UNKNOWN = 0,
    SURVIVAL_AT_COUNTER
};

struct stored_survival {
    const char *person_id;
    const char *survival_id;
    int64_t how; /* enum survival_how */
    unix_s confirmed_at;
    unix_s until; /* policies/survival.h */
    const char *staff_id;
    const char *counter_id;
};

/* ERR_CONFLICT when she has one of that id. */
must_check enum err store_survival_insert(struct store *st, const struct stored_survival *survival);

/* The last one of hers. ERR_NOT_FOUND: there is none. */
must_check enum err store_survival_last(struct store *st, struct arena *arena,
                                        const char *person_id, struct stored_survival *out);

#endif
