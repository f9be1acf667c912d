/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/release.h"
#include "idp/session/token.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/grants/grants.h"

/* Tokens for userinfo and introspection are for us; a partner's own resources are
 * named in its registration. */
static const char *
audience_of(struct request *rq)
{
    const char *issuer = rq->ctx->settings->server.issuer;

    if (text_is_empty(rq->partner->profile.audience))
        return issuer;
    return arena_printf(rq->arena, "%s %s", issuer, rq->partner->profile.audience);
}

static enum err
access_issue(struct request *rq, const struct token_answer *answer, const char **out)
{
    const struct stored_grant *grant = answer->grant;
    struct access access = {
        .sub = subject_for(rq->ctx, rq->partner, grant->person_id),
        .client_id = rq->partner->profile.partner_id,
        .audience = audience_of(rq),
        .scope = answer->scope,
        .sid = session_id_for(rq->ctx, rq->partner, grant->sid),
        .grant_id = grant->grant_id,
        .acr = grant->acr,
        .auth_time = grant->auth_time,
    };

    return access_token_issue(rq->ctx, rq->partner, &access, out);
}

static enum err
identity_issue(struct request *rq, const struct token_answer *answer, const char *access_token,
               const char **out)
{
    const struct stored_grant *grant = answer->grant;
    struct identity identity = {
        .person_id = grant->person_id,
        .sid = grant->sid,
        .grant_id = grant->grant_id,
        .nonce = answer->nonce,
        .acr = grant->acr,
        .amr = grant->amr,
        .auth_time = grant->auth_time,
        .access_token = access_token,
    };
    enum err err = release_id_token(rq->ctx, grant, &identity.claims);

    return err == OK ? id_token_issue(rq->ctx, rq->partner, &identity, out) : err;
}

static enum err
refresh_issue(struct request *rq, const struct stored_grant *grant, const char **out)
{
    *out = NULL;
    if (!text_list_has(rq->partner->profile.grant_types, "refresh_token"))
        return OK;
    return refresh_token_issue(rq->ctx,
                               &(struct refresh) { .grant_id = grant->grant_id,
                                                   .partner_id = grant->partner_id,
                                                   .generation = grant->generation },
                               out);
}

const struct problem *
answer_tokens(struct request *rq, const struct token_answer *answer)
{
    struct buf json = buf_new(rq->arena, 2048);
    const char *access_token;
    const char *id_token;
    const char *refresh_token;
    enum err err = access_issue(rq, answer, &access_token);

    if (err == OK)
        err = identity_issue(rq, answer, access_token, &id_token);
    if (err == OK)
        err = refresh_issue(rq, answer->grant, &refresh_token);
    if (err == ERR_NOT_FOUND) /* stopped since the grant was judged: the next try is told so */
        return &problem_try_again;
    if (err != OK)
        return problem_of(err);
    emit_object(&json, NULL);
    emit_text(&json, "access_token", access_token);
    emit_text(&json, "token_type", "Bearer");
    emit_int(&json, "expires_in", rq->ctx->settings->life.access_token_s);
    emit_text_if(&json, "refresh_token", refresh_token);
    emit_text(&json, "id_token", id_token);
    emit_text(&json, "scope", answer->scope);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}
