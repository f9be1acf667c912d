/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/cors.h"

#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "protocols/http/respond.h"

#define REQUEST_HEADERS "Authorization, Content-Type, DPoP"
#define ANSWER_HEADERS "DPoP-Nonce, Retry-After, WWW-Authenticate, X-Request-Id"
/* Seconds: what Chromium keeps at most. An origin taken from a partner is refused by the answer. */
#define PREFLIGHT_MAX_AGE "7200"

/* The partner that is answered: it has proven itself, or the token is its own. */
static const struct partner *
partner_answered(const struct request *rq)
{
    if (rq->partner != NULL || rq->access == NULL)
        return rq->partner;
    return registry_find(rq->ctx->services->registry, rq->access->client_id);
}

static bool
is_partners_page(const struct request *rq)
{
    const struct partner *partner = partner_answered(rq);
    const char *origin = rq->headers.origin;

    return partner != NULL ? partner_has_origin(partner, origin)
                           : registry_has_origin(rq->ctx->services->registry, origin);
}

static bool
origin_allow(struct request *rq, enum cors cors)
{
    if (cors == CORS_ANY) {
        respond_header(rq, "Access-Control-Allow-Origin", "*");
        return true;
    }
    respond_header(rq, "Vary", "Origin");
    if (!is_partners_page(rq))
        return false;
    respond_header(rq, "Access-Control-Allow-Origin", rq->headers.origin);
    return true;
}

void
cors_preflight(struct request *rq, enum cors cors, const char *methods)
{
    respond_empty(rq, 204);
    if (!origin_allow(rq, cors))
        return;
    respond_header(rq, "Access-Control-Allow-Methods", methods);
    respond_header(rq, "Access-Control-Allow-Headers", cors == CORS_ANY ? "*" : REQUEST_HEADERS);
    respond_header(rq, "Access-Control-Max-Age", PREFLIGHT_MAX_AGE);
}

void
cors_answer(struct request *rq, enum cors cors)
{
    if (rq->headers.origin == NULL || cors == CORS_NONE || rq->response.document != NULL)
        return;
    if (origin_allow(rq, cors))
        respond_header(rq, "Access-Control-Expose-Headers", ANSWER_HEADERS);
}
