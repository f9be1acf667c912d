/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What partners are told of a member of staff: nothing that is frozen in a token, but what her row says
 * at the moment when somebody asks (docs/adr/0061).
 */
#ifndef IDP_SESSION_STAFF_TOLD_H
#define IDP_SESSION_STAFF_TOLD_H

#include "idp/context/ctx.h"
#include "idp/tables/approval.h"

struct staff_told {
    const char *name;
    const char *roles; /* space-separated */
    const char *agency;
    const char *region;
    const char *counter_id; /* where she sits */
};

/*
 * Of an approval of hers. ERR_NOT_FOUND: nothing is told any more, because she is stopped or gone, or
 * her sitting has ended, or nobody has used it, or its counter is locked.
 */
must_check enum err staff_told_load(struct ctx *ctx, const struct approval *approval,
                                    struct staff_told *out);

/* Whoever works at a partner works: the idle time of the sitting begins anew. ERR_REFUSED: its counter
 * is locked. */
must_check enum err staff_works(struct ctx *ctx, const struct approval *approval);

#endif
