/* SPDX-License-Identifier: Apache-2.0 */
/* What a person allowed a partner to know: remembered per partner and scope. */
#ifndef IDP_PARTNER_CONSENT_H
#define IDP_PARTNER_CONSENT_H

#include <stdbool.h>

#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/approval.h"

#define PURPOSE_PARTNER "partner"

/* Does what the person agreed to cover every word of `scope`? Partners registered
 * with implied consent always. */
must_check enum err consent_covers(struct ctx *ctx, const struct partner *partner,
                                   const char *person_id, const char *scope, bool *out);

/* The same of what was approved: staff are asked for nothing, their agency has said yes. */
must_check enum err approval_covered(struct ctx *ctx, const struct partner *partner,
                                     const struct approval *approval, bool *out);

/*
 * A consent with its audit record, in a transaction of its own; nothing when it is covered already.
 * `form` names the form that it was given with (NULL: none) and is spent by it. ERR_FULL:
 * agreement.h.
 */
must_check enum err consent_give(struct ctx *ctx, const struct partner *partner,
                                 const char *person_id, const char *scope,
                                 const struct digest *form);

#endif
