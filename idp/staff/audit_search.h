/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit trail for who reads it: who did what, for whom, where and when. However it is asked, one page costs no more
 * than so many records looked at.
 */
#ifndef IDP_STAFF_AUDIT_SEARCH_H
#define IDP_STAFF_AUDIT_SEARCH_H

#include "idp/staff/list_place.h"
#include "idp/tables/audit.h"

/* Records that one search looks at. */
#define AUDIT_SEARCH_LOOKS 2000

struct audit_found {
    struct audit_rows rows; /* newest first */
    bool more;              /* older ones have not been looked at … */
    unix_s looked_at;       /* … that is, before this time */
    const char *looked_id;  /* and, of that second, this id */
};

/*
 * Records that fit all that `place` says, from its place on, `most` at most. Every text means itself: whole ids, and of
 * `event` a whole name, or the beginning of one before a dot ("staff.").
 */
must_check enum err audit_search(struct ctx *ctx, const struct list_place *place, size_t most,
                                 struct audit_found *out);

#endif
