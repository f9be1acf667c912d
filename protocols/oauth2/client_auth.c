/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/client_auth.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/person/attempts.h"
#include "policies/network.h"
#include "protocols/oauth2/client_assertion.h"

#define BASIC_MAX_BYTES 2048

/* What the request presents. `method` names the registered method it could be;
 * texts are NULL when not sent. */
struct presented {
    const char *method;
    const char *client_id;
    const char *secret;
};

/* The two halves of Basic are form-encoded (RFC 6749, 2.3.1). */
static const char *
form_decoded(struct request *rq, const char *text, size_t size)
{
    struct params pair;
    char *as_form = arena_printf(rq->arena, "v=%.*s", (int)size, text);

    if (memchr(text, '&', size) != NULL || params_parse(rq->arena, as_form, size + 2, &pair) != OK)
        return NULL;
    return params_find(&pair, "v");
}

static bool
basic_read(struct request *rq, struct presented *out)
{
    const char *text = rq->headers.authorization + strlen("Basic ");
    struct bytes plain;
    const char *colon;

    if (strlen(text) > BASIC_MAX_BYTES ||
        base64_decode(rq->arena, text, strlen(text), &plain) != OK ||
        !text_is_utf8((const char *)plain.at, plain.size))
        return false;
    colon = memchr(plain.at, ':', plain.size);
    if (colon == NULL)
        return false;
    out->method = "client_secret_basic";
    out->client_id =
        form_decoded(rq, (const char *)plain.at, (size_t)(colon - (const char *)plain.at));
    out->secret =
        form_decoded(rq, colon + 1, plain.size - (size_t)(colon + 1 - (const char *)plain.at));
    if (out->secret != NULL && out->secret[0] == '\0')
        out->method = "none"; /* an empty secret is an absent one (RFC 6749, 2.3.1) */
    return out->client_id != NULL && out->secret != NULL;
}

static bool
uses_basic(const struct request *rq)
{
    const char *header = rq->headers.authorization;

    return header != NULL && strncasecmp(header, "Basic ", strlen("Basic ")) == 0;
}

static const struct problem *
presented_read(struct request *rq, struct presented *out)
{
    bool basic = uses_basic(rq);
    bool post = param(rq, "client_secret") != NULL;
    bool assertion = param(rq, "client_assertion") != NULL;

    if (param_is_in_query(rq, "client_secret") || param_is_in_query(rq, "client_assertion"))
        return &problem_client_secret_in_query;
    if (basic + post + assertion > 1)
        return &problem_client_two_methods;
    *out = (struct presented) { .method = "none", .client_id = param(rq, "client_id") };
    if (basic)
        return basic_read(rq, out) ? NULL : &problem_client_unauthenticated;
    if (post)
        *out =
            (struct presented) { "client_secret_post", out->client_id, param(rq, "client_secret") };
    if (assertion) {
        out->method = "assertion";
        out->client_id = client_assertion_issuer(rq, param(rq, "client_assertion"));
    }
    return out->client_id != NULL ? NULL : &problem_client_unauthenticated;
}

/* What is still to be done about a partner that was named: it goes to the worker with it. */
struct claimed {
    const struct partner *partner; /* NULL: none of ours */
    const char *reason;            /* why it is refused; NULL: its assertion is to be looked at */
};

/*
 * Wrong credentials are counted; the right ones always pass, so nobody can lock a partner out. Who
 * names no partner of ours counts for the network, not under the name that was made up.
 */
static const struct problem *
failure_count(struct request *rq, void *state)
{
    const struct claimed *claimed = state;
    const struct partner *partner = claimed->partner;
    const char *partner_id = partner != NULL ? partner->profile.partner_id : NULL;
    bool allowed;
    enum err err = attempt_take(
        rq->ctx, partner != NULL ? ATTEMPT_CLIENT_SECRET : ATTEMPT_CLIENT_UNKNOWN,
        partner != NULL ? partner_id : network_unit(rq->arena, rq->ctx->address), &allowed);

    if (err != OK)
        return problem_of(err);
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_CLIENT_FAILED,
                                                 .reason = claimed->reason,
                                                 .partner_id = partner_id });
    return allowed ? &problem_client_unauthenticated : &problem_client_too_many_failures;
}

static struct claimed *
claimed_new(struct request *rq, const struct partner *partner, const char *reason)
{
    struct claimed *claimed = arena_alloc(rq->arena, sizeof(*claimed));

    *claimed = (struct claimed) { partner, reason };
    return claimed;
}

static const struct problem *
failed(struct request *rq, const struct partner *partner, const char *reason)
{
    return request_on_worker(rq, failure_count, claimed_new(rq, partner, reason));
}

static bool
secret_fits(const struct partner *partner, const char *secret)
{
    struct digest digest;

    if (text_is_empty(secret) || !partner->has_secret)
        return false;
    digest = digest_of_text(secret);
    return digest_eq(&digest, &partner->secret_digest);
}

static const struct problem *
accepted(struct request *rq, const struct partner *partner)
{
    rq->partner = partner;
    rq->ctx->channel = partner->profile.channel;
    return NULL;
}

static const struct problem *
assertion_judge(struct request *rq, void *state)
{
    struct claimed *claimed = state;
    const struct problem *problem = client_assertion_check(rq, claimed->partner);

    if (problem == NULL)
        return accepted(rq, claimed->partner);
    if (problem != &problem_client_unauthenticated)
        return problem;
    claimed->reason = "assertion";
    return failure_count(rq, claimed);
}

static const struct problem *
judge(struct request *rq, const struct presented *presented, const struct partner *partner)
{
    if (text_eq(presented->method, "assertion"))
        return request_on_worker(rq, assertion_judge, claimed_new(rq, partner, NULL));
    if (!text_eq(presented->method, partner->profile.auth_method))
        return failed(rq, partner, "method");
    if (!partner->is_public && !secret_fits(partner, presented->secret))
        return failed(rq, partner, "secret");
    return accepted(rq, partner);
}

const struct problem *
client_authenticate(struct request *rq)
{
    struct presented presented;
    const struct problem *problem = presented_read(rq, &presented);
    const char *named = param(rq, "client_id");
    const struct partner *partner;

    if (problem == &problem_client_unauthenticated)
        return failed(rq, NULL, "form");
    if (problem != NULL)
        return problem;
    partner = registry_find(rq->ctx->services->registry, presented.client_id);
    if (partner == NULL || (named != NULL && !text_eq(named, presented.client_id)))
        return failed(rq, partner, "unknown");
    return judge(rq, &presented, partner);
}
