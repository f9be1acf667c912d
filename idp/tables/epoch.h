/* SPDX-License-Identifier: Apache-2.0 */
/* Counters that only grow, polled by every node, and the revocations behind one of them. */
#ifndef IDP_TABLES_EPOCH_H
#define IDP_TABLES_EPOCH_H

#include "idp/store/store.h"

struct epochs {
    int64_t revocation;
    int64_t partner;
    int64_t keyring;
};

/* One statement. */
must_check enum err store_epoch_read(struct store *st, struct epochs *out);

/* `name` is that of a member above. The new value goes to `out`. ERR_NOT_FOUND when
 * there is no such counter. */
must_check enum err store_epoch_bump(struct store *st, const char *name, int64_t *out);

/*
 * Two statements: ERR_INTERNAL outside a transaction. Rows become visible in the order of seq, for
 * the counter's row is locked until the commit. `until`: when the last token that `target` names
 * has expired.
 */
must_check enum err store_revocation_insert(struct store *st, const char *target, unix_s until);

struct stored_revocation {
    int64_t seq;
    const char *target;
    unix_s until;
};

struct revocation_list {
    struct stored_revocation *at;
    size_t count;
};

#define REVOCATION_BATCH 1000

/* Those after `after_seq` that still matter, by seq, at most REVOCATION_BATCH: a full list
 * means ask again behind it. */
must_check enum err store_revocation_list(struct store *st, struct arena *arena, int64_t after_seq,
                                          unix_s now, struct revocation_list *out);

#endif
