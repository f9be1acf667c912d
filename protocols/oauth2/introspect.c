/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/introspect: OAuth 2.0 Token Introspection (RFC 7662). */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

static const struct problem *
answer_inactive(struct request *rq)
{
    struct buf json = buf_new(rq->arena, 32);

    emit_object(&json, NULL);
    emit_bool(&json, "active", false);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

/*
 * True for the partner that the token was issued to and for the resources that it names. To anybody
 * else it is not active (RFC 7662, 4).
 */
static bool
may_know(const struct request *rq, const struct access *access)
{
    const char *asker = rq->partner->profile.partner_id;

    return text_eq(access->client_id, asker) || text_list_has(access->audience, asker);
}

static const struct problem *
answer_active(struct request *rq, const struct access *access)
{
    struct buf json = buf_new(rq->arena, 768);

    emit_object(&json, NULL);
    emit_bool(&json, "active", true);
    emit_text(&json, "iss", rq->ctx->settings->server.issuer);
    emit_text(&json, "sub", access->sub);
    emit_text(&json, "client_id", access->client_id);
    emit_text(&json, "token_type", "Bearer");
    emit_list(&json, "aud", access->audience);
    emit_int(&json, "iat", access->issued_at);
    emit_int(&json, "exp", access->expires_at);
    emit_text(&json, "jti", access->jti);
    emit_text_if(&json, "scope", access->scope);
    emit_text_if(&json, "acr", access->acr);
    emit_text_if(&json, "sid", access->sid);
    if (access->auth_time != 0)
        emit_int(&json, "auth_time", access->auth_time);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_introspect(struct request *rq)
{
    const char *token = param(rq, "token");
    struct access access;

    if (rq->partner->is_public) /* a name alone proves nothing (RFC 7662, 2.1) */
        return &problem_client_unauthenticated;
    if (token == NULL)
        return &problem_token_missing;
    if (access_token_open(rq->ctx, token, &access) != OK || !may_know(rq, &access))
        return answer_inactive(rq);
    return answer_active(rq, &access);
}
