/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/guards.h"

#include <string.h>
#include <strings.h>

#include "idp/audit/audit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/session/session.h"
#include "idp/session/token.h"
#include "protocols/http/cookies.h"
#include "protocols/http/dpop.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define JSON_TYPE "application/json"

/* Whatever parameters follow the type, and in whichever case it is written. */
static bool
body_is(const struct request *rq, const char *type)
{
    const char *sent = rq->headers.content_type;
    size_t size = strlen(type);

    return sent != NULL && strncasecmp(sent, type, size) == 0 && strchr("; \t", sent[size]) != NULL;
}

bool
body_is_form(const struct request *rq)
{
    return body_is(rq, FORM_TYPE);
}

const struct problem *
guard_parameters(struct request *rq)
{
    return request_has_repeats(rq) ? &problem_parameter_repeated : request_bounds_check(rq);
}

const struct problem *
guard_form_body(struct request *rq)
{
    return rq->body.size > 0 && !body_is_form(rq) ? &problem_body_type : NULL;
}

const struct problem *
guard_json_body(struct request *rq)
{
    const json_t *json = body_is(rq, JSON_TYPE) ? json_read(rq->arena, rq->body) : NULL;

    if (!json_is_object(json))
        return &problem_json_body;
    rq->json = json;
    return NULL;
}

/* The issuer may have a path; an origin has none (RFC 6454). "null" is nobody's issuer. */
const struct problem *
guard_same_origin(struct request *rq)
{
    const char *issuer =
        rq->at_staff ? rq->ctx->settings->staff.url : rq->ctx->settings->server.issuer;
    const char *origin = rq->headers.origin;
    const char *host = strstr(issuer, "://") + 3;
    size_t size = (size_t)(host - issuer) + strcspn(host, "/");

    if (origin == NULL || (strlen(origin) == size && strncmp(issuer, origin, size) == 0))
        return NULL;
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_LOGIN_REJECTED, .reason = "csrf" });
    return &problem_form_forged;
}

/* What stands behind the scheme in the Authorization header; NULL: it has another one. */
static const char *
presented_by(const struct request *rq, const char *scheme)
{
    const char *header = rq->headers.authorization;
    size_t size = strlen(scheme);

    if (header == NULL || strncasecmp(header, scheme, size) != 0 || header[size] != ' ')
        return NULL;
    return header + size + 1;
}

const struct problem *
guard_no_person(struct request *rq)
{
    return presented_by(rq, "Bearer") != NULL || presented_by(rq, "DPoP") != NULL
               ? &problem_card_scan_person
               : NULL;
}

/* In the Authorization header or in a form body, in one of them only. */
static const struct problem *
bearer_find(struct request *rq, const char **out)
{
    const char *header = rq->headers.authorization;
    const char *in_body = text_eq(rq->method, "POST") ? param(rq, "access_token") : NULL;

    if (param_is_in_query(rq, "access_token"))
        return &problem_bearer_in_query;
    if (header != NULL && in_body != NULL)
        return &problem_bearer_twice;
    *out = in_body;
    if (*out == NULL)
        *out = presented_by(rq, "Bearer");
    if (*out == NULL)
        *out = presented_by(rq, "DPoP");
    return *out != NULL ? NULL : &problem_bearer_missing;
}

/* Whoever has the token must have its key too (RFC 9449, 7.1). */
static const struct problem *
key_judge(struct request *rq, void *state)
{
    return dpop_check_bound(rq, state, rq->access->bound_key);
}

const struct problem *
guard_bearer(struct request *rq)
{
    const char *token;
    const struct problem *problem = bearer_find(rq, &token);
    struct access *access;

    if (problem != NULL)
        return problem;
    access = arena_alloc(rq->arena, sizeof(*access));
    if (access_token_open(rq->ctx, token, access) != OK)
        return &problem_bearer_invalid;
    rq->access = access;
    rq->ctx->partner_id = access->client_id; /* which we have signed */
    if (access->bound_key[0] == '\0')
        return presented_by(rq, "DPoP") != NULL ? &problem_bearer_unbound : NULL;
    if (presented_by(rq, "DPoP") == NULL)
        return &problem_bearer_bound;
    return request_on_worker(rq, key_judge, arena_text(rq->arena, token));
}

const struct problem *
guard_session(struct request *rq)
{
    struct session *session = arena_alloc(rq->arena, sizeof(*session));
    enum err err = session_load(rq->ctx, cookie_find(rq, "session"), session);

    if (err != OK)
        return problem_of(err);
    rq->session = session;
    return NULL;
}

bool
session_form_holds(struct request *rq)
{
    const char *cookie = cookie_find(rq, "session");
    const char *presented = param(rq, "csrf");
    struct digest expected;
    struct digest given;

    if (presented == NULL || cookie == NULL)
        return false;
    expected = digest_of_text(session_csrf(rq->ctx, cookie));
    given = digest_of_text(presented);
    return digest_eq(&expected, &given);
}
