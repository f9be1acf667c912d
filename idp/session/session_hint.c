/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: the one that an ID token of ours names. */
#include "idp/base/text.h"
#include "idp/session/session.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"

static enum err
session_of_grant(struct ctx *ctx, const struct hint *hint, const struct stored_grant *grant,
                 struct session *out)
{
    const struct partner *partner = registry_find(ctx->services->registry, hint->audience);
    enum err err;

    if (!text_eq(grant->approval.partner_id, hint->audience) ||
        (partner != NULL &&
         !text_eq(hint->sub, subject_told(ctx, partner, grant->approval.subject))))
        return OK;
    err = store_session_load(ctx->store, ctx->arena, grant->approval.sid, &out->row);
    out->live = err == OK && out->row.ended_at == 0 &&
                subject_eq(out->row.subject, grant->approval.subject);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
session_hinted(struct ctx *ctx, const struct hint *hint, struct session *out)
{
    struct stored_grant grant;
    enum err err;

    out->live = false;
    if (hint->grant_id[0] == '\0')
        return OK;
    err = store_grant_load(ctx->store, ctx->arena, hint->grant_id, &grant);
    if (err == OK)
        return session_of_grant(ctx, hint, &grant, out);
    return err == ERR_NOT_FOUND ? OK : err;
}
