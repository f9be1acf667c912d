/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenID Connect Native SSO for Mobile Apps 1.0: apps of one vendor on one phone share a login. The
 * first one gets a device secret, which stands in a row of its session; whoever has it and the ID
 * token it came with gets tokens of that same session (docs/adr/0047).
 */
#ifndef IDP_SESSION_NATIVE_SSO_H
#define IDP_SESSION_NATIVE_SSO_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/grant.h"

/* The app that has a grant with the scope device_sso, and asks for tokens of it. */
struct device_owner {
    const struct partner *partner;
    const struct stored_grant *grant;
    const char *proof_key; /* thumbprint of the DPoP proof's key; NULL: no proof */
};

/* The one that it presents (may be NULL), if it is still the app's in this session; else NULL. */
must_check enum err device_secret_keep(struct ctx *ctx, const struct device_owner *owner,
                                       const char *presented, const char **out);

/* A new one in place of any before. */
must_check enum err device_secret_issue(struct ctx *ctx, const struct device_owner *owner,
                                        const char **out);

/* A token exchange by a second app; it is authenticated as far as it can be. */
struct sibling {
    const struct partner *partner;
    const char *id_token; /* of the first one; its end does not matter, its session's does */
    const char *device_secret;
    const char *scope;     /* as granted: within its registration, with openid */
    const char *proof_key; /* as above */
};

/*
 * A grant for it in the same session, told to audit. problem_native_sso_invalid: the session or the first
 * app's grant has ended, or the two do not belong together; problem_native_sso_not_shared; problem_native_sso_consent: the
 * person has to be asked; problem_exchange_key_missing: the first one's tokens are bound to a key, so
 * these have to be; problem_channel_not_lent; problem_session_grants_full.
 */
const struct problem *native_sso_grant(struct ctx *ctx, const struct sibling *sibling,
                                       struct stored_grant *out);

#endif
