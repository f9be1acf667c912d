/* SPDX-License-Identifier: Apache-2.0 */
/* Who does what one node should do: the table `lease`. */
#ifndef IDP_TABLES_LEASE_H
#define IDP_TABLES_LEASE_H

#include "idp/store/store.h"

struct stored_lease {
    const char *name;   /* of the work */
    const char *holder; /* a node; not "" */
    unix_s until;       /* nobody else takes it before */
};

/*
 * It is the holder's until `until`, be it taken or kept. ERR_CONFLICT while it is another's; not
 * when that one's time is over, or ends later than any holder at `now` can have asked for: more
 * than `longest_s` from now (its clock was wrong).
 */
must_check enum err store_lease_take(struct store *st, const struct stored_lease *lease, unix_s now,
                                     int64_t longest_s);

struct lease_list {
    struct stored_lease *at;
    size_t count;
};

/* Up to `most`, by name; whoever held one last stays in it. */
must_check enum err store_lease_list(struct store *st, struct arena *arena, int64_t most,
                                     struct lease_list *out);

/* The next one may have it at once. Not the holder's: nothing happens. */
must_check enum err store_lease_give_back(struct store *st, const char *name, const char *holder);

#endif
