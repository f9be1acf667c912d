/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/introspect: OAuth 2.0 Token Introspection (RFC 7662). */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/actor.h"
#include "idp/session/grant.h"
#include "idp/session/release.h"
#include "idp/session/staff_told.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "policies/claim_rule.h"
#include "policies/scope.h"
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

/* The issuer stands in every person's token: whoever answered for it would know of them all, and
 * operators rename issuers. */
static bool
answers_for(const struct request *rq, const char *audience)
{
    const struct partner_profile *asker = &rq->partner->profile;

    if (text_eq(audience, rq->ctx->settings->server.issuer))
        return false;
    return text_eq(audience, asker->partner_id) || text_list_has(asker->resources, audience);
}

/*
 * True for the partner that the token was issued to and for those that answer for one of its
 * audiences. To anybody else it is not active (RFC 7662, 4).
 */
static bool
may_know(const struct request *rq, const struct access *access)
{
    const char *words = access->audience;
    const char *word;
    size_t size;

    if (text_eq(access->client_id, rq->partner->profile.partner_id))
        return true;
    while ((word = text_next_word(&words, &size)) != NULL) {
        if (answers_for(rq, arena_copy(rq->arena, word, size)))
            return true;
    }
    return false;
}

/* What is looked up at this moment, beside what the token says. */
struct looked_up {
    const char *card;               /* the claim; NULL: it is not told, or there is none */
    const struct staff_told *staff; /* NULL: no token of staff */
};

static void
emit_staff(struct buf *json, const struct staff_told *staff)
{
    emit_list(json, "roles", staff->roles);
    emit_text_if(json, "agency", staff->agency);
    emit_text_if(json, "region", staff->region);
    emit_text(json, "counter", staff->counter_id);
}

static const struct problem *
answer_active(struct request *rq, const struct access *access, const struct looked_up *looked_up)
{
    struct buf json = buf_new(rq->arena, 1024);

    emit_object(&json, NULL);
    emit_bool(&json, "active", true);
    emit_text(&json, "iss", rq->ctx->settings->server.issuer);
    emit_text(&json, "sub", access->sub);
    emit_text(&json, "client_id", access->client_id);
    emit_text(&json, "token_type", access->bound_key[0] != '\0' ? "DPoP" : "Bearer");
    emit_list(&json, "aud", access->audience);
    emit_int(&json, "iat", access->issued_at);
    emit_int(&json, "exp", access->expires_at);
    emit_text(&json, "jti", access->jti);
    emit_text_if(&json, "scope", granted_scopes(rq->arena, access->scope));
    emit_text_if(&json, "acr", access->acr);
    emit_text_if(&json, "sid", access->sid);
    if (access->auth_time != 0)
        emit_int(&json, "auth_time", access->auth_time);
    emit_actor(&json, access->actor);
    emit_confirmation(&json, access->bound_key);
    if (looked_up->card != NULL)
        emit_raw(&json, "card", looked_up->card);
    if (looked_up->staff != NULL)
        emit_staff(&json, looked_up->staff);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

/* --- Of a card, or of staff --- */

/* Whether a card is lost, and whether staff still may, is known to the store alone; and what is lost
 * there is lost here. */
static enum err
look_up(struct request *rq, const struct access *access, struct staff_told *staff,
        struct looked_up *out)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, access->client_id);
    struct stored_grant grant;
    enum err err = store_grant_load(rq->ctx->store, rq->arena, access->grant_id, &grant);

    if (err == OK && (grant.ended_at != 0 || partner == NULL))
        err = ERR_NOT_FOUND;
    if (err == OK && release_tells_card(access->scope))
        err = release_card(rq->ctx, partner, grant.approval.subject.id, &out->card);
    if (err == OK && subject_is_staff(grant.approval.subject)) {
        out->staff = staff;
        err = staff_told_load(rq->ctx, &grant.approval, staff);
    }
    return err;
}

static const struct problem *
introspect_now(struct request *rq, void *state)
{
    const struct access *access = state;
    struct looked_up looked_up = { .card = NULL };
    struct staff_told staff;
    enum err err = look_up(rq, access, &staff, &looked_up);

    if (err == ERR_NOT_FOUND)
        return answer_inactive(rq);
    return err == OK ? answer_active(rq, access, &looked_up) : problem_of(err);
}

static bool
is_looked_up(const struct access *access)
{
    return !text_is_empty(access->grant_id) &&
           (release_tells_card(access->scope) || text_list_has(access->scope, SCOPE_STAFF));
}

static const struct problem *
access_answer(struct request *rq, const struct access *opened)
{
    struct access *access;

    if (!is_looked_up(opened))
        return answer_active(rq, opened, &(struct looked_up) { .card = NULL });
    access = arena_alloc(rq->arena, sizeof(*access));
    *access = *opened;
    return request_on_worker(rq, introspect_now, access);
}

/* --- Refresh tokens --- */

/* Would it be taken at the token endpoint now? One that has rotated is not active, though its
 * answer may still be repeated for some seconds. */
static enum err
refresh_look(struct request *rq, const struct refresh *refresh, struct stored_grant *grant,
             bool *active)
{
    const char *reason;
    enum err err = store_grant_load(rq->ctx->store, rq->arena, refresh->grant_id, grant);

    *active = false;
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    if (grant->ended_at != 0 || rq->now >= grant->approval.until ||
        handed_out_too_early(rq->ctx, grant->created_at) ||
        grant->generation != refresh->generation)
        return OK;
    err = grant_judge(rq->ctx, rq->partner, grant, &reason);
    *active = err == OK && reason == NULL;
    return err;
}

/* Without token_type, which says how an access token is used (RFC 6749, 5.1): whoever takes this
 * for one would go by it. */
static const struct problem *
answer_active_refresh(struct request *rq, const struct stored_grant *grant)
{
    const struct approval *approval = &grant->approval;
    struct buf json = buf_new(rq->arena, 512);

    emit_object(&json, NULL);
    emit_bool(&json, "active", true);
    emit_text(&json, "iss", rq->ctx->settings->server.issuer);
    emit_text(&json, "sub", subject_told(rq->ctx, rq->partner, approval->subject));
    emit_text(&json, "client_id", approval->partner_id);
    emit_int(&json, "iat", grant->rotated_at);
    emit_int(&json, "exp", approval->until);
    emit_text_if(&json, "scope", granted_scopes(rq->arena, approval->scope));
    emit_text_if(&json, "acr", approval->acr);
    emit_text(&json, "sid", session_id_for(rq->ctx, rq->partner, approval->sid));
    emit_int(&json, "auth_time", approval->auth_time);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

static const struct problem *
introspect_refresh(struct request *rq, void *state)
{
    struct stored_grant grant;
    bool active;
    enum err err = refresh_look(rq, state, &grant, &active);

    if (err != OK)
        return problem_of(err);
    return active ? answer_active_refresh(rq, &grant) : answer_inactive(rq);
}

/* To all but its owner it is not active: nobody else has any business with it. */
static const struct problem *
refresh_answer(struct request *rq, const struct refresh *opened)
{
    struct refresh *refresh = arena_alloc(rq->arena, sizeof(*refresh));

    if (!text_eq(opened->partner_id, rq->partner->profile.partner_id))
        return answer_inactive(rq);
    *refresh = *opened;
    return request_on_worker(rq, introspect_refresh, refresh);
}

/* --- Either --- */

const struct problem *
endpoint_introspect(struct request *rq)
{
    const char *token = param(rq, "token");
    struct refresh refresh;
    struct access access;

    if (rq->partner->is_public) /* a name alone proves nothing (RFC 7662, 2.1) */
        return &problem_client_unauthenticated;
    if (token == NULL)
        return &problem_token_missing;
    if (refresh_token_open(rq->ctx, token, &refresh) == OK)
        return refresh_answer(rq, &refresh);
    if (access_token_open(rq->ctx, token, &access) != OK || !may_know(rq, &access))
        return answer_inactive(rq);
    return access_answer(rq, &access);
}
