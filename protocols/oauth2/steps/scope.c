/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked for: scope, PKCE challenge, key of the tokens, claims. */
#include "policies/scope.h"
#include "policies/assurance.h"
#include "policies/dpop.h"
#include "policies/partner_rules.h"
#include "policies/pkce.h"
#include "protocols/oauth2/steps/steps.h"

/* At a counter nobody but staff logs in. */
static struct scope_bounds
bounds_of(const struct authorization *az)
{
    const struct partner_profile *profile = &az->partner->profile;

    return (struct scope_bounds) { profile->scope, profile->strict_scope,
                                   profile_is_of_counters(profile) };
}

const struct problem *
step_scope(struct authorization *az)
{
    const struct scope_bounds bounds = bounds_of(az);
    const struct problem *problem =
        scope_check(az->rq->arena, asked(az, "scope"), &bounds, &az->scope);

    if (problem != NULL)
        return problem;
    return scope_has_openid(az->scope) ? NULL : &problem_scope_openid_missing;
}

const struct problem *
step_pkce(struct authorization *az)
{
    const struct pkce_asked it = { asked(az, "code_challenge"), asked(az, "code_challenge_method"),
                                   asked(az, "nonce") };

    return pkce_challenge_check(&it, az->partner->profile.require_pkce);
}

/* The code is then good with a proof of that key alone (RFC 9449, 10). */
const struct problem *
step_dpop(struct authorization *az)
{
    const char *thumbprint = asked(az, "dpop_jkt");

    return thumbprint == NULL || dpop_thumbprint_is_well_formed(az->rq->arena, thumbprint)
               ? NULL
               : &problem_dpop_key_malformed;
}

/* What is asked for below the scopes is granted like them: the person is asked about both. */
const struct problem *
step_claims(struct authorization *az)
{
    const struct scope_bounds bounds = bounds_of(az);
    const char *claims = asked(az, "claims");
    const struct problem *problem;

    az->claims = (struct claims_request) { .acr_values = "" };
    if (claims == NULL)
        return NULL;
    problem = claims_request_parse(az->rq->arena, claims, &az->claims);
    if (problem == NULL)
        az->scope = claims_granted(az->rq->arena, &az->claims,
                                   scope_ceiling(az->rq->arena, &bounds), az->scope);
    return problem;
}
