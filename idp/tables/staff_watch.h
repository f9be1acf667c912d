/* SPDX-License-Identifier: Apache-2.0 */
/* Members of staff who sit at a counter, as the job that asks the directory about them goes through them. */
#ifndef IDP_TABLES_STAFF_WATCH_H
#define IDP_TABLES_STAFF_WATCH_H

#include "idp/store/store.h"

#define WATCHED_STAFF_PAGE 100

struct watched_staff {
    const char *staff_id;
    struct bytes person_key;
    const char *roles;
    const char *agency;
    const char *region;
    unix_s checked_at;
};

struct watched_staff_list {
    struct watched_staff *at;
    size_t count;
};

/* Those with a sitting whom the directory has last confirmed at `checked_by` or before, longest ago first,
 * WATCHED_STAFF_PAGE at most. */
must_check enum err store_staff_due(struct store *st, struct arena *arena, unix_s checked_by,
                                    unix_s now, struct watched_staff_list *out);

/* What the directory says now. ERR_NOT_FOUND: there is no such row. */
must_check enum err store_staff_told(struct store *st, const struct watched_staff *told);

/* The directory knows her no more: she has no sitting, and may have none until she signs in again. */
must_check enum err store_staff_gone(struct store *st, const char *staff_id, unix_s now);

/* She sits nowhere. OK also when she did not. */
must_check enum err store_staff_closed(struct store *st, const char *staff_id);

#endif
