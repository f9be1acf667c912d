/* SPDX-License-Identifier: Apache-2.0 */
/* What runs have said of their part of the audit trail, as rows (idp/audit/checkpoint.h). */
#ifndef IDP_TABLES_CHECKPOINT_H
#define IDP_TABLES_CHECKPOINT_H

#include "idp/store/store.h"

struct stored_checkpoint {
    int64_t run;
    int64_t number; /* from 1 */
    unix_s at;
    struct digest digest; /* of the statement */
    const char *statement;
    const char *signature;
};

struct checkpoint_list {
    struct stored_checkpoint *at;
    size_t count;
};

/* ERR_CONFLICT when the run has one of that number. */
must_check enum err store_checkpoint_insert(struct store *st,
                                            const struct stored_checkpoint *checkpoint);

must_check enum err store_checkpoint_find(struct store *st, struct arena *arena, int64_t run,
                                          int64_t number, struct stored_checkpoint *out);

/* The first behind `number` that is not older than `since`; ERR_NOT_FOUND. */
must_check enum err store_checkpoint_next(struct store *st, struct arena *arena, int64_t run,
                                          int64_t number, unix_s since,
                                          struct stored_checkpoint *out);

/* The next run behind `run` that has one; ERR_NOT_FOUND. */
must_check enum err store_checkpoint_run_next(struct store *st, int64_t run, int64_t *out);

/* The newest of other runs since then, newest first, at most `limit`. */
must_check enum err store_checkpoint_others(struct store *st, struct arena *arena, int64_t run,
                                            unix_s since, int64_t limit,
                                            struct checkpoint_list *out);

#endif
