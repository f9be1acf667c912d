/* SPDX-License-Identifier: Apache-2.0 */
/* Counters that only grow, polled by every node. */
#ifndef IDP_TABLES_EPOCH_H
#define IDP_TABLES_EPOCH_H

#include "idp/store/store.h"

struct epochs {
    int64_t revocation; /* of the version before (revocation.h) */
    int64_t partner;
    int64_t keyring;
    unix_s not_before;  /* what was handed out before it is worth nothing; 0: never said */
    unix_s card_time;   /* no node has issued or judged a card code at a later time */
    int64_t card_epoch; /* how often an operator has begun anew with that */
};

/* One statement. */
must_check enum err store_epoch_read(struct store *st, struct epochs *out);

/* `name` is that of a member above. The new value goes to `out`. ERR_NOT_FOUND when
 * there is no such counter. */
must_check enum err store_epoch_bump(struct store *st, const char *name, int64_t *out);

/* A time among them is this one from now on. */
must_check enum err store_epoch_set(struct store *st, const char *name, unix_s to);

/* Raises a time among them (`name`); ERR_NOT_FOUND when it is as late already. */
must_check enum err store_epoch_raise(struct store *st, const char *name, unix_s to);

#endif
