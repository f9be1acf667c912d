/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /oidc/userinfo: OpenID Connect Core 1.0, 5.3; bearer tokens by RFC 6750. */
#include <string.h>
#include <strings.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/release.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "policies/scope.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

/* In the Authorization header or in a form body, in one of them only (RFC 6750, 2). */
static const struct problem *
bearer_find(struct request *rq, const char **out)
{
    static const char scheme[] = "Bearer ";
    const char *header = rq->headers.authorization;
    const char *in_body = text_eq(rq->method, "POST") ? param(rq, "access_token") : NULL;

    if (param_is_in_query(rq, "access_token"))
        return &problem_bearer_in_query;
    if (header != NULL && in_body != NULL)
        return &problem_bearer_twice;
    *out = in_body;
    if (header != NULL && strncasecmp(header, scheme, strlen(scheme)) == 0)
        *out = header + strlen(scheme);
    return *out != NULL ? NULL : &problem_bearer_missing;
}

static const struct problem *
answer_from_store(struct request *rq, const struct access *access)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, access->client_id);
    struct buf json = buf_new(rq->arena, 1024);
    struct stored_grant grant;
    enum err err;

    if (rq->ctx->store == NULL)
        return &problem_on_worker;
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

/* Once: a request that goes on to a worker has it already. */
static const struct problem *
bearer_open(struct request *rq)
{
    struct access *access;
    const char *token;
    const struct problem *problem;

    if (rq->access != NULL)
        return NULL;
    problem = bearer_find(rq, &token);
    if (problem != NULL)
        return problem;
    access = arena_alloc(rq->arena, sizeof(*access));
    if (access_token_open(rq->ctx, token, access) != OK)
        return &problem_bearer_invalid;
    rq->access = access;
    return NULL;
}

const struct problem *
endpoint_userinfo(struct request *rq)
{
    const struct problem *problem = bearer_open(rq);
    struct buf json;

    if (problem != NULL)
        return problem;
    if (!scope_has_openid(rq->access->scope))
        return &problem_bearer_scope;
    if (!release_is_only_sub(rq->ctx, rq->access->scope))
        return answer_from_store(rq, rq->access);
    json = buf_new(rq->arena, 128);
    emit_object(&json, NULL);
    emit_text(&json, "sub", rq->access->sub);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}
