/* SPDX-License-Identifier: Apache-2.0 */
/* Members of staff that act for citizens: one row for each, with its end (docs/adr/0060). */
#ifndef IDP_TABLES_ACTING_H
#define IDP_TABLES_ACTING_H

#include "idp/store/store.h"

/* Texts are "" when there is nothing to say. */
struct stored_acting {
    const char *acting_id; /* "a_…" */
    const char *sid;       /* the sitting */
    const char *staff_id;
    const char *counter_id;
    const char *agency;
    const char *person_id; /* the citizen */
    const char *partner_id;
    const char *business;
    const char *reason;
    const char *proof; /* idp/staff/acting.h: by what the citizen was known */
    const char *proposal_id;
    const char *grant_id; /* what its tokens hang on; "": its handle was not exchanged yet */
    unix_s begun_at;
    unix_s until;
    unix_s ended_at; /* 0: not before `until` */
};

/* So many are open in one sitting at most. */
#define ACTINGS_OF_SITTING_MAX 32

struct acting_list {
    struct stored_acting *at;
    size_t count;
};

must_check enum err store_acting_insert(struct store *st, const struct stored_acting *acting);

must_check enum err store_acting_load(struct store *st, struct arena *arena, const char *acting_id,
                                      struct stored_acting *out);

/* Its handle is exchanged: of any number of callers one gets OK, the others, and those of one that is over, ERR_NOT_FOUND. */
must_check enum err store_acting_take(struct store *st, const char *acting_id, const char *grant_id,
                                      unix_s now);

/* Those of a sitting that go on, by id, at most ACTINGS_OF_SITTING_MAX. */
must_check enum err store_acting_list(struct store *st, struct arena *arena, const char *sid,
                                      unix_s now, struct acting_list *out);

/* `out` is the row then: its handle may have been exchanged a moment ago. ERR_NOT_FOUND: it has ended, or there is none. */
must_check enum err store_acting_end(struct store *st, struct arena *arena, const char *acting_id,
                                     unix_s now, struct stored_acting *out);

#endif
