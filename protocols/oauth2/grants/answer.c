/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/release.h"
#include "idp/session/token.h"
#include "policies/channel.h"
#include "policies/claim_rule.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/grants/grants.h"

/*
 * A token of a person is for us (userinfo, introspection) and for the partner's own resources,
 * which its registration names. A token of a partner itself is for those resources alone.
 */
static const char *
audience_of(struct request *rq, const struct approval *approval)
{
    const char *issuer = rq->ctx->settings->server.issuer;
    const char *own = rq->partner->profile.audience;

    if (text_is_empty(own))
        return issuer;
    return subject_logs_in(approval->subject) ? arena_printf(rq->arena, "%s %s", issuer, own) : own;
}

struct issued {
    const char *token;
    int64_t life_s;
};

/* A token outlives neither the session nor, where the next person stands behind this one, her going
 * away. */
static unix_s
until_of(const struct request *rq, const struct approval *approval)
{
    unix_s idle_end = rq->now + channel_rule(rq->partner->profile.channel)->idle_s;

    if (!subject_logs_in(approval->subject))
        return 0;
    return rq->terminal != NULL && idle_end < approval->until ? idle_end : approval->until;
}

static enum err
access_issue(struct request *rq, const struct token_answer *answer, struct issued *out)
{
    const struct approval *approval = answer->approval;
    struct access access = {
        .until = until_of(rq, approval),
        .sub = approval->subject.id,
        .client_id = rq->partner->profile.partner_id,
        .audience = audience_of(rq, approval),
        .scope = answer->scope,
        .acr = approval->acr,
        .actor = approval->actor,
        .auth_time = approval->auth_time,
        .bound_key = rq->proof_key,
    };
    enum err err;

    if (subject_logs_in(approval->subject)) {
        access.sub = subject_told(rq->ctx, rq->partner, approval->subject);
        access.sid = session_id_for(rq->ctx, rq->partner, approval->sid);
    }
    if (answer->grant != NULL)
        access.grant_id = answer->grant->grant_id;
    err = access_token_issue(rq->ctx, rq->partner, &access, &out->token);
    out->life_s = access.expires_at - rq->now;
    return err;
}

static enum err
identity_issue(struct request *rq, const struct token_answer *answer, const char *access_token,
               const char **out)
{
    const struct approval *approval = answer->approval;
    struct approval now = *approval;
    struct identity identity = {
        .subject = approval->subject,
        .sid = approval->sid,
        .grant_id = answer->grant->grant_id,
        .nonce = answer->nonce,
        .acr = approval->acr,
        .amr = approval->amr,
        .auth_time = approval->auth_time,
        .access_token = access_token,
        .device_secret = answer->device_secret,
    };
    enum err err;

    now.scope = answer->scope; /* a refresh may have asked for less */
    err = release_id_token(rq->ctx, rq->partner, &now, &identity.claims);
    return err == OK ? id_token_issue(rq->ctx, rq->partner, &identity, out) : err;
}

static enum err
refresh_issue(struct request *rq, const struct stored_grant *grant, const char **out)
{
    if (!text_list_has(rq->partner->profile.grant_types, "refresh_token"))
        return OK;
    return refresh_token_issue(rq->ctx,
                               &(struct refresh) { .grant_id = grant->grant_id,
                                                   .partner_id = grant->approval.partner_id,
                                                   .generation = grant->generation },
                               out);
}

/*
 * What partners such as Keycloak know the session by, to end theirs when a logout token comes: `sid`
 * of the ID token. Only for those that are sent one: a page that watches our frame takes what stands
 * here for the session_state of the authorization response (docs/adr/0046).
 */
static const char *
session_state(struct request *rq, const struct token_answer *answer)
{
    const struct partner_profile *profile = &rq->partner->profile;

    if ((answer->flags & TOKENS_ID) == 0 || text_is_empty(profile->backchannel_logout_uri))
        return NULL;
    return session_id_for(rq->ctx, rq->partner, answer->approval->sid);
}

const struct problem *
answer_tokens(struct request *rq, const struct token_answer *answer)
{
    struct buf json = buf_new(rq->arena, 2048);
    struct issued access;
    const char *id_token = NULL;
    const char *refresh_token = NULL;
    enum err err = access_issue(rq, answer, &access);

    if (err == OK && (answer->flags & TOKENS_ID) != 0)
        err = identity_issue(rq, answer, access.token, &id_token);
    if (err == OK && (answer->flags & TOKENS_REFRESH) != 0)
        err = refresh_issue(rq, answer->grant, &refresh_token);
    if (err == ERR_NOT_FOUND) /* stopped meanwhile: the next try says so */
        return &problem_try_again;
    if (err != OK)
        return problem_of(err);
    emit_object(&json, NULL);
    emit_text(&json, "access_token", access.token);
    emit_text_if(&json, "issued_token_type", answer->issued_token_type);
    emit_text(&json, "token_type", rq->proof_key != NULL ? "DPoP" : "Bearer");
    emit_int(&json, "expires_in", access.life_s);
    emit_text_if(&json, "refresh_token", refresh_token);
    emit_text_if(&json, "id_token", id_token);
    emit_text_if(&json, "device_secret", answer->device_secret);
    emit_text_if(&json, "session_state", session_state(rq, answer));
    emit_text_if(&json, "scope", granted_scopes(rq->arena, answer->scope));
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
answer_grant(struct request *rq, const struct stored_grant *grant)
{
    return answer_tokens(rq, &(struct token_answer) { .approval = &grant->approval,
                                                      .grant = grant,
                                                      .scope = grant->approval.scope,
                                                      .nonce = "",
                                                      .flags = TOKENS_ID | TOKENS_REFRESH });
}
