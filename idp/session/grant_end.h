/* SPDX-License-Identifier: Apache-2.0 */
/* Grants that end, one by one or those of a session. Sessions and grants both stand on it. */
#ifndef IDP_SESSION_GRANT_END_H
#define IDP_SESSION_GRANT_END_H

#include "idp/context/ctx.h"
#include "idp/tables/grant.h"

/* The grant, its refresh token and its access tokens on every node. OK also
 * when it had ended already. */
must_check enum err grant_end(struct ctx *ctx, const char *grant_id, const char *reason);

/* The same for one page inside the caller's transaction; grants_end_apply() is the
 * caller's once that is durable. */
must_check enum err grants_end_in_change(struct ctx *ctx, const struct grant_list *grants);
void grants_end_apply(struct ctx *ctx, const struct grant_list *grants);

#endif
