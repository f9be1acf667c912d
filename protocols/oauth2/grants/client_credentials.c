/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=client_credentials (RFC 6749, 4.4): a partner for itself, nothing of any person. */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/token.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/grants/grants.h"

const struct problem *
grant_client_credentials(struct request *rq)
{
    const struct partner_profile *profile = &rq->partner->profile;
    const char *audience = profile->audience;
    struct access access = {
        .sub = profile->partner_id,
        .client_id = profile->partner_id,
        .audience = text_is_empty(audience) ? rq->ctx->settings->server.issuer : audience,
    };
    struct buf json = buf_new(rq->arena, 1024);
    const char *token;
    enum err err;

    /* Every scope there is speaks of a person: none can be had without one. */
    if (param(rq, "scope") != NULL)
        return &problem_scope_too_wide;
    err = access_token_issue(rq->ctx, rq->partner, &access, &token);
    if (err != OK)
        return problem_of(err);
    emit_object(&json, NULL);
    emit_text(&json, "access_token", token);
    emit_text(&json, "token_type", "Bearer");
    emit_int(&json, "expires_in", rq->ctx->settings->life.access_token_s);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}
