/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/client_auth.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/partner/terminal.h"
#include "idp/person/attempts.h"
#include "policies/auth_method.h"
#include "policies/network.h"
#include "protocols/oauth2/client_assertion.h"

#define BASIC_MAX_BYTES 2048

/* Where a credential stands in a request. */
enum auth_place {
    AUTH_BY_NAME, /* there is none: client_id is all */
    AUTH_IN_BASIC,
    AUTH_IN_FORM,
    AUTH_IN_ASSERTION
};

/* What the request presents; texts are NULL when not sent. */
struct presented {
    enum auth_place place;
    const char *client_id;
    const char *credential; /* the secret or the assertion */
};

/* The two halves of Basic are form-encoded (RFC 6749, 2.3.1). */
static const char *
form_decoded(struct request *rq, const char *text, size_t size)
{
    struct params pair;
    char *as_form = arena_printf(rq->arena, "v=%.*s", (int)size, text);
    const char *value;

    if (memchr(text, '&', size) != NULL || params_parse(rq->arena, as_form, size + 2, &pair) != OK)
        return NULL;
    value = params_find(&pair, "v");
    return value != param_unreadable ? value : NULL;
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
    out->place = AUTH_IN_BASIC;
    out->client_id =
        form_decoded(rq, (const char *)plain.at, (size_t)(colon - (const char *)plain.at));
    out->credential =
        form_decoded(rq, colon + 1, plain.size - (size_t)(colon + 1 - (const char *)plain.at));
    if (out->credential != NULL && out->credential[0] == '\0')
        out->place = AUTH_BY_NAME; /* an empty secret is an absent one (RFC 6749, 2.3.1) */
    return out->client_id != NULL && out->credential != NULL;
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
    const char *secret = param(rq, "client_secret");
    const char *assertion = param(rq, "client_assertion");
    bool basic = uses_basic(rq);

    if (param_is_in_query(rq, "client_secret") || param_is_in_query(rq, "client_assertion"))
        return &problem_client_secret_in_query;
    if (basic + (secret != NULL) + (assertion != NULL) > 1)
        return &problem_client_two_methods;
    *out = (struct presented) { AUTH_BY_NAME, param(rq, "client_id"), NULL };
    if (basic)
        return basic_read(rq, out) ? NULL : &problem_client_unauthenticated;
    if (secret != NULL)
        *out = (struct presented) { AUTH_IN_FORM, out->client_id, secret };
    if (assertion != NULL)
        *out = (struct presented) { AUTH_IN_ASSERTION, client_assertion_issuer(rq, assertion),
                                    assertion };
    return out->client_id != NULL ? NULL : &problem_client_unauthenticated;
}

struct method;

/* What is still to be done about a partner that was named: it goes to the worker with it. */
struct claimed {
    const struct partner *partner; /* NULL: none of ours */
    const char *reason;            /* why it is refused, or will be when the credential is wrong */
    const struct method *method;   /* NULL: it is refused */
    const char *credential;
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
    enum err err;

    if (partner != NULL)
        partner_enter(rq->ctx, partner);
    err = attempt_take(rq->ctx, partner != NULL ? ATTEMPT_CLIENT_SECRET : ATTEMPT_CLIENT_UNKNOWN,
                       partner != NULL ? partner_id : network_unit(rq->arena, rq->ctx->address),
                       &allowed);

    if (err != OK)
        return problem_of(err);
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_CLIENT_FAILED,
                                                 .reason = claimed->reason,
                                                 .partner_id = partner_id });
    return allowed ? &problem_client_unauthenticated : &problem_client_too_many_failures;
}

static const struct problem *
claimed_on_worker(struct request *rq, const struct claimed *claimed,
                  const struct problem *(*then)(struct request *rq, void *state))
{
    struct claimed *kept = arena_alloc(rq->arena, sizeof(*kept));

    *kept = *claimed;
    return request_on_worker(rq, then, kept);
}

static const struct problem *
failed(struct request *rq, const struct partner *partner, const char *reason)
{
    return claimed_on_worker(rq, &(struct claimed) { partner, reason, NULL, NULL }, failure_count);
}

/* --- The methods: each function answers NULL, or problem_client_unauthenticated for what counts as
 * a failure, and may then say more exactly why --- */

/* All are compared, whichever is right. */
static const struct problem *
secret_check(struct request *rq, const struct partner *partner, const char *secret,
             const char **reason)
{
    struct digest digest;
    int right = 0;

    (void)reason;
    if (text_is_empty(secret))
        return &problem_client_unauthenticated;
    digest = digest_of_text(secret);
    for (size_t i = 0; i < partner->secret_count; i++)
        right |=
            digest_eq(&digest, &partner->secrets[i].digest) & (rq->now < partner->secrets[i].until);
    return right != 0 ? NULL : &problem_client_unauthenticated;
}

static const struct problem *
public_check(struct request *rq, const struct partner *partner, const char *nothing,
             const char **reason)
{
    (void)rq;
    (void)partner;
    (void)nothing;
    (void)reason;
    return NULL;
}

static const struct method {
    const char *name;
    const struct problem *(*check)(struct request *rq, const struct partner *partner,
                                   const char *credential, const char **reason);
    enum auth_place place;
    bool needs_store;
} methods[] = {
#define AUTH_METHOD(name, place, need, check, needs_store) { name, check, place, needs_store },
#include "policies/auth_method.def"
#undef AUTH_METHOD
};

/* A terminal has the key that it was enrolled with, and nothing else. */
static const struct method *
method_of(const struct partner *partner)
{
    if (text_eq(partner->profile.channel, TERMINAL_CHANNEL) &&
        auth_method_need(partner->profile.auth_method) != AUTH_NEEDS_KEYS)
        return NULL;
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (text_eq(partner->profile.auth_method, methods[i].name))
            return &methods[i];
    }
    return NULL;
}

static const struct problem *
credential_judge(struct request *rq, void *state)
{
    const struct claimed *claimed = state;
    const struct partner *partner = claimed->partner;
    const char *reason = claimed->reason;
    const struct problem *problem =
        claimed->method->check(rq, partner, claimed->credential, &reason);

    if (problem == &problem_client_unauthenticated)
        return failed(rq, partner, reason);
    if (problem != NULL)
        return problem;
    rq->partner = partner;
    partner_enter(rq->ctx, partner);
    return NULL;
}

/* The secret is the same in the header and in the form, and no weaker there: many stacks send it in
 * one place for a code and in the other for a refresh, or try both (RFC 6749, 2.3.1). */
static bool
place_fits(const struct partner_profile *profile, const struct method *method,
           enum auth_place place)
{
    if (place == method->place)
        return true;
    return (place == AUTH_IN_BASIC || place == AUTH_IN_FORM) && !profile->strict_auth_method &&
           auth_method_need(method->name) == AUTH_NEEDS_SECRET;
}

/* Of an assertion whose signature does not hold the records say the same as of one whose partner
 * has another method. */
static const struct problem *
judge(struct request *rq, const struct presented *presented, const struct partner *partner)
{
    const struct method *method = method_of(partner);
    bool asserts = presented->place == AUTH_IN_ASSERTION;
    struct claimed claimed = { partner, asserts ? "assertion" : "secret", method,
                               presented->credential };

    if (method == NULL || !place_fits(&partner->profile, method, presented->place))
        return failed(rq, partner, asserts ? "assertion" : "method");
    if (method->needs_store)
        return claimed_on_worker(rq, &claimed, credential_judge);
    return credential_judge(rq, &claimed);
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
