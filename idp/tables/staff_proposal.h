/* SPDX-License-Identifier: Apache-2.0 */
/* What a member of staff may do only when a second one has agreed. */
#ifndef IDP_TABLES_STAFF_PROPOSAL_H
#define IDP_TABLES_STAFF_PROPOSAL_H

#include "idp/store/store.h"

/* Stored. */
enum proposal_kind {
    PROPOSAL_NONE = 0,
    PROPOSAL_BUSINESS, /* to act for a citizen in a business that asks for it */
    PROPOSAL_NAME,     /* another name, … */
    PROPOSAL_NUMBER,   /* … or identity number: `content_sealed` */
    PROPOSAL_KINDS
};

/* Stored. */
enum proposal_state {
    PROPOSAL_GONE = 0,
    PROPOSAL_WAITS,
    PROPOSAL_APPROVED,
    PROPOSAL_REFUSED,
    PROPOSAL_USED
};

struct stored_proposal {
    const char *proposal_id;
    int64_t kind;         /* enum proposal_kind */
    int64_t state;        /* enum proposal_state */
    const char *staff_id; /* who proposes, … */
    struct bytes person_key;
    const char *counter_id; /* … where, … */
    const char *agency;
    const char *region;    /* … and of which region those must be who decide */
    const char *person_id; /* the citizen concerned */
    const char *partner_id;
    const char *business;
    const char *reason;
    struct bytes content_sealed; /* the new value; none: there is none */
    const char *decided_by;      /* "": nobody has; so is the next */
    const char *decided_counter;
    unix_s decided_at;
    unix_s created_at;
    unix_s until; /* it waits, or is good, so long */
    unix_s used_at;
};

struct stored_proposal_list {
    struct stored_proposal *at;
    size_t count;
};

/* So many are listed at most. */
#define PROPOSAL_PAGE 50

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_proposal_insert(struct store *st, const struct stored_proposal *proposal);

must_check enum err store_proposal_load(struct store *st, struct arena *arena,
                                        const char *proposal_id, struct stored_proposal *out);

/* Regions from one code to another. */
struct region_span {
    const char *first;
    const char *last;
};

/* Those that wait for somebody to decide, the oldest first. */
must_check enum err store_proposal_waiting(struct store *st, struct arena *arena,
                                           const struct region_span *span, unix_s now,
                                           struct stored_proposal_list *out);

/* What she has proposed and is not over, the newest first. */
must_check enum err store_proposal_list_of(struct store *st, struct arena *arena,
                                           const char *staff_id, unix_s now,
                                           struct stored_proposal_list *out);

/*
 * proposal->state, decided_by, decided_counter, decided_at and until, of one that waits at that time: exactly one caller
 * decides, the others get ERR_NOT_FOUND.
 */
must_check enum err store_proposal_decide(struct store *st, const struct stored_proposal *proposal);

/* An approved one that is good for what `like` says: its staff_id, person_id, kind, partner_id and business; the one that
 * was approved first. ERR_NOT_FOUND. */
must_check enum err store_proposal_find(struct store *st, struct arena *arena,
                                        const struct stored_proposal *like, unix_s now,
                                        const char **proposal_id);

/* It is used: exactly one caller gets it, of that proposer and person, while it is approved and good. ERR_NOT_FOUND. */
must_check enum err store_proposal_take(struct store *st, struct arena *arena,
                                        const struct stored_proposal *like, unix_s now,
                                        struct stored_proposal *out);

#endif
