/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls to be made to others, until they are done: the table `outbox`, written in the transaction
 * of the change that others shall hear of (idp/context/outbox.h puts and wakes, idp/server/life makes
 * the calls).
 */
#ifndef IDP_TABLES_OUTBOX_H
#define IDP_TABLES_OUTBOX_H

#include "idp/store/store.h"

struct stored_delivery {
    const char *delivery_id;
    const char *kind;       /* which says how the call is made */
    const char *partner_id; /* who is told; "" where the kind needs none of these */
    const char *person_id;  /* of whom */
    const char *sid;
    const char *payload; /* what else the kind needs; no personal data but sealed */
    int64_t tries;       /* begun so far */
    unix_s next_at;      /* when it is due; once done, when the row is swept */
    unix_s done_at;      /* 0: not done */
    const char *outcome;
    unix_s created_at;
    const char *answer; /* the last one: "ok 200", "refused 400", "unavailable"; "": not tried */
};

struct delivery_list {
    struct stored_delivery *at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_delivery_insert(struct store *st, const struct stored_delivery *delivery);

struct delivery_claim {
    const char *kind;
    unix_s now;
    int64_t lease_s; /* how long nobody else will make the calls */
    int64_t max;
};

/* Up to `max` of the kind that are due, for this caller alone until its lease is over; each counts
 * one try more. */
must_check enum err store_delivery_claim(struct store *st, struct arena *arena,
                                         const struct delivery_claim *claim,
                                         struct delivery_list *out);

/* How a try went. */
struct delivery_result {
    const char *outcome;
    const char *answer;
};

/* ERR_NOT_FOUND when it is done already or absent. */
must_check enum err store_delivery_done(struct store *st, const char *delivery_id, unix_s now,
                                        const struct delivery_result *result);
/* It is due again at `next_at`. ERR_NOT_FOUND as above. */
must_check enum err store_delivery_retry(struct store *st, const char *delivery_id, unix_s next_at,
                                         const struct delivery_result *result);
/* The same for one that was claimed and not tried: that claim does not count. */
must_check enum err store_delivery_put_back(struct store *st, const char *delivery_id,
                                            unix_s next_at);

/* What an operator wants to see; "" and 0 take all. */
struct delivery_filter {
    const char *kind;
    const char *partner_id;
    const char *person_id;
    unix_s since;
    int64_t limit;
};

/* The newest first. */
must_check enum err store_delivery_list(struct store *st, struct arena *arena,
                                        const struct delivery_filter *filter,
                                        struct delivery_list *out);

/* How many are not done and due within `within_s`, counted no further than `most`. */
must_check enum err store_delivery_count(struct store *st, unix_s now, int64_t within_s,
                                         int64_t most, int64_t *out);

#define LOGOUT_DRAIN 100

/*
 * In the caller's transaction: takes up to LOGOUT_DRAIN due rows out of `logout_delivery`, where
 * the version before has put them, and puts them into the outbox as they are, under `kind`. *moved
 * counts them.
 */
must_check enum err store_logout_delivery_drain(struct store *st, struct arena *arena,
                                                const char *kind, unix_s now, size_t *moved);

#endif
