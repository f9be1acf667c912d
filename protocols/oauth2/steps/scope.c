/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked for: scope, PKCE challenge, claims. */
#include "policies/scope.h"
#include "idp/base/text.h"
#include "policies/assurance.h"
#include "policies/pkce.h"
#include "protocols/oauth2/steps/steps.h"

const struct problem *
step_scope(struct authorization *az)
{
    const struct problem *problem = scope_check(az->rq->arena, param(az->rq, "scope"),
                                                az->partner->profile.scope, &az->authz.scope);

    if (problem != NULL)
        return problem;
    return scope_has_openid(az->authz.scope) ? NULL : &problem_scope_openid_missing;
}

const struct problem *
step_pkce(struct authorization *az)
{
    const char *challenge = param(az->rq, "code_challenge");
    const struct problem *problem = pkce_challenge_check(
        challenge, param(az->rq, "code_challenge_method"), az->partner->profile.require_pkce);

    az->authz.code_challenge = challenge != NULL ? challenge : "";
    return problem;
}

const struct problem *
step_claims(struct authorization *az)
{
    const char *claims = az->tx != NULL ? az->authz.claims : param(az->rq, "claims");
    const char *acr_values = az->tx != NULL ? az->authz.acr_values : param(az->rq, "acr_values");

    az->authz.claims = claims != NULL ? claims : "";
    az->authz.acr_values = acr_values != NULL ? acr_values : "";
    if (text_is_empty(claims)) {
        az->claims = (struct claims_request) { .acr_values = "" };
        return NULL;
    }
    return claims_request_parse(az->rq->arena, claims, &az->claims);
}
