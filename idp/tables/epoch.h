/* SPDX-License-Identifier: Apache-2.0 */
/* Counters that only grow, polled by every node. */
#ifndef IDP_TABLES_EPOCH_H
#define IDP_TABLES_EPOCH_H

#include "idp/store/store.h"

struct epochs {
    int64_t revocation; /* of the version before (revocation.h) */
    int64_t partner;
    int64_t keyring;
};

/* One statement. */
must_check enum err store_epoch_read(struct store *st, struct epochs *out);

/* `name` is that of a member above. The new value goes to `out`. ERR_NOT_FOUND when
 * there is no such counter. */
must_check enum err store_epoch_bump(struct store *st, const char *name, int64_t *out);

#endif
