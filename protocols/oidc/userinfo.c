/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /oidc/userinfo: OpenID Connect Core 1.0, 5.3; bearer tokens by RFC 6750. */
#include "idp/base/emit.h"
#include "idp/session/actor.h"
#include "idp/session/release.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "policies/scope.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

static const struct problem *
answer_from_store(struct request *rq, void *state)
{
    const struct access *access = rq->access;
    const struct partner *partner = registry_find(rq->ctx->services->registry, access->client_id);
    struct buf json = buf_new(rq->arena, 1024);
    struct stored_grant grant;
    enum err err;

    (void)state;
    if (partner == NULL)
        return &problem_bearer_invalid;
    err = store_grant_load(rq->ctx->store, rq->arena, access->grant_id, &grant);
    if (err == ERR_NOT_FOUND || (err == OK && grant.ended_at != 0))
        return &problem_bearer_invalid;
    if (err != OK)
        return problem_of(err);
    grant.approval.scope = access->scope; /* a refresh may have asked for less */
    err = release_userinfo(rq->ctx, partner, &grant.approval, &json);
    if (err == ERR_NOT_FOUND)
        return &problem_bearer_invalid;
    return err == OK ? respond_json(rq, 200, &json) : problem_of(err);
}

const struct problem *
endpoint_userinfo(struct request *rq)
{
    struct buf json;

    if (!scope_has_openid(rq->access->scope))
        return &problem_bearer_scope;
    if (!release_is_only_sub(rq->access->scope))
        return request_on_worker(rq, answer_from_store, NULL);
    json = buf_new(rq->arena, 128);
    emit_object(&json, NULL);
    emit_text(&json, "sub", rq->access->sub);
    if (actor_is_staff(rq->access->actor))
        emit_actor(&json, rq->access->actor);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}
