/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was revoked, for as long as a token of it may live: the table `revoked`, and the table
 * `revocation` of the version before (docs/adr/0016).
 */
#ifndef IDP_TABLES_REVOCATION_H
#define IDP_TABLES_REVOCATION_H

#include "idp/store/store.h"

/* A statement reads or writes rows of one bucket only. The number is part of the stored form. */
#define REVOKED_BUCKETS 8

struct stored_revoked {
    int64_t bucket; /* made of the target; below REVOKED_BUCKETS */
    unix_s at;      /* by the clock of who wrote it, just before it was written */
    const char *revoked_id;
    const char *target; /* the gid or jti of access tokens */
    unix_s until;       /* when the last token that `target` names has expired */
};

struct revoked_list {
    struct stored_revoked *at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_revoked_insert(struct store *st, const struct stored_revoked *revoked);

struct revoked_after {
    int64_t bucket;
    unix_s at;
    const char *revoked_id; /* "": all of that second and later */
    unix_s now;
};

#define REVOCATION_PAGE 1000

/* Those of a bucket behind `after` that still matter, by time and id, at most REVOCATION_PAGE: a full
 * list means ask again behind it. */
must_check enum err store_revoked_list(struct store *st, struct arena *arena,
                                       const struct revoked_after *after, struct revoked_list *out);

/* --- As the version before has it: numbered by the epoch `revocation` --- */

/*
 * Two statements: ERR_INTERNAL outside a transaction. Rows become visible in the order of seq, for
 * the counter's row is locked until the commit.
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

/* Those after `after_seq` that still matter, by seq, at most REVOCATION_PAGE. */
must_check enum err store_revocation_list(struct store *st, struct arena *arena, int64_t after_seq,
                                          unix_s now, struct revocation_list *out);

#endif
