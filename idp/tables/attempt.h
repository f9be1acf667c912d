/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of attempts, shared by all channels and nodes: how often within a window. */
#ifndef IDP_TABLES_ATTEMPT_H
#define IDP_TABLES_ATTEMPT_H

#include "idp/store/store.h"

/* One line of the ledger; the kinds are the caller's to number. */
struct attempt {
    int64_t kind;
    struct digest digest;
    int64_t window_s;
    const char *form; /* names the form that makes the attempt; "": every attempt counts */
    const struct digest *owner; /* whose account it is at; NULL: nobody's */
};

/* A line once an attempt has been counted in it. */
struct attempt_tally {
    int64_t count;    /* this one included */
    unix_s marked_at; /* by store_attempt_mark(), else when the window began */
    unix_s ends_at;   /* the window's end */
    int64_t repeated; /* 1: the form that counted last was sent again: nothing was counted */
};

/*
 * Counts one more in the window, which starts with its first attempt; after its end counting begins
 * at 1. The same form sent once more does not count; every second sending does, so that it is no
 * way to try without end. The line is the caller's until the end of the transaction, so any number of callers get
 * numbers of their own. ERR_CONFLICT inside a transaction: another made the line at this moment,
 * all may be run again.
 */
must_check enum err store_attempt_add(struct store *st, const struct attempt *attempt, unix_s now,
                                      struct attempt_tally *out);

/* Remembers when the last attempt was that counted (as marked_at of the next). */
must_check enum err store_attempt_mark(struct store *st, const struct attempt *attempt, unix_s now);

/* The line as it stands, nothing counted. ERR_NOT_FOUND: no attempt in a window that still runs. */
must_check enum err store_attempt_find(struct store *st, const struct attempt *attempt, unix_s now,
                                       struct attempt_tally *out);

/* Takes back one that turned out not to count. OK when there were none, and after a repetition. */
must_check enum err store_attempt_give_back(struct store *st, const struct attempt *attempt);

/* Forgets them, as after a success. OK when there were none. */
must_check enum err store_attempt_clear(struct store *st, const struct attempt *attempt);

/* A line at somebody's account whose window runs. */
struct owned_attempt {
    int64_t kind;
    int64_t count;
    unix_s marked_at;
    unix_s ends_at;
};

/* So many are listed, the fullest first. */
#define OWNED_ATTEMPTS_MAX 64

struct owned_attempt_list {
    struct owned_attempt *at;
    size_t count;
};

must_check enum err store_attempt_list_owned(struct store *st, struct arena *arena,
                                             const struct digest *owner, unix_s now,
                                             struct owned_attempt_list *out);

/* Forgets all of them; *cleared counts. */
must_check enum err store_attempt_clear_owned(struct store *st, const struct digest *owner,
                                              int64_t *cleared);

#endif
