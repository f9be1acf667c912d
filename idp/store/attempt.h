/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of attempts, shared by all channels and nodes: how often within a window. */
#ifndef IDP_STORE_ATTEMPT_H
#define IDP_STORE_ATTEMPT_H

#include "idp/store/store.h"

/* One line of the ledger; the kinds are the caller's to number. */
struct attempt {
    int64_t kind;
    struct digest digest;
    int64_t window_s;
};

/*
 * Counts one more and tells how many that makes in the window, which starts with its first attempt;
 * after its end counting begins at 1. Exact with any number of callers. It is a change of its own,
 * which stays when the caller refuses: ERR_INTERNAL inside a transaction.
 */
must_check enum err store_attempt_add(struct store *st, const struct attempt *attempt, unix_s now,
                                      int64_t *count);

/* 0 when there were none in the window. */
must_check enum err store_attempt_count(struct store *st, const struct attempt *attempt, unix_s now,
                                        int64_t *count);

/* Takes back one that turned out not to count. OK when there were none. */
must_check enum err store_attempt_give_back(struct store *st, const struct attempt *attempt);

/* Forgets them, as after a success. OK when there were none. */
must_check enum err store_attempt_clear(struct store *st, const struct attempt *attempt);

#endif
