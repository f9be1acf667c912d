/* SPDX-License-Identifier: Apache-2.0 */
/* Authorization codes: sealed, nothing stored until redeemed (RFC 6749, 4.1). */
#ifndef IDP_SESSION_CODE_H
#define IDP_SESSION_CODE_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/approval.h"
#include "idp/tables/grant.h"

struct code {
    const char *id;
    unix_s issued_at;
    const char *redirect_uri;
    const char *nonce;     /* "": not sent */
    const char *challenge; /* "": PKCE was not used */
    struct approval approval;
};

/* Gives it an id and the time, and seals it. */
must_check enum err code_issue(struct ctx *ctx, struct code *code, const char **out);

/* A token request of the code grant; the client is authenticated. */
struct redemption {
    const struct partner *partner;
    const char *code;
    const char *redirect_uri;  /* NULL: not sent */
    const char *code_verifier; /* NULL: not sent */
    const char *proof_key;     /* thumbprint of the DPoP proof's key; NULL: no proof */
};

/*
 * Spends the code and begins a grant, in one transaction whose first insert decides races. Every
 * refusal but that of a foreign or malformed code burns it; a code that was redeemed before ends
 * its grant. A partner that has GRANTS_OF_PARTNER_MAX in the session loses its oldest there;
 * problem_session_grants_full, problem_person_grants_full: tables/grant.h. `nonce` is for the ID
 * token.
 */
const struct problem *code_redeem(struct ctx *ctx, const struct redemption *redemption,
                                  struct stored_grant *out, const char **nonce);

#endif
