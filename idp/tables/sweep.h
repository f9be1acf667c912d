/* SPDX-License-Identifier: Apache-2.0 */
/* Rows whose time is over leave in small batches. */
#ifndef IDP_TABLES_SWEEP_H
#define IDP_TABLES_SWEEP_H

#include "idp/store/store.h"

/* At most so many rows of a table leave in one call. */
#define SWEEP_BATCH 500

/* How long audit records stay; 0: for ever. */
struct audit_keep {
    int64_t refusals_s;
    int64_t changes_s;
};

/* How long something of either kind stays, and what is said of them; 0: for ever. */
int64_t audit_keep_longest(const struct audit_keep *keep);

/*
 * One batch of each table, each a transaction by itself; *removed counts all rows. Spent ids,
 * codes, attempts and revocations leave when they expire; sessions and grants a day after their
 * end; bank orders after two days; removed partners after two years, their secrets after 30 days, a
 * rotated secret with its end; audit records and their checkpoints as `keep` says;
 * deliveries a week after they were done. A full batch somewhere means: call again soon.
 */
must_check enum err store_sweep(struct store *st, unix_s now, const struct audit_keep *keep,
                                int64_t *removed);

#endif
