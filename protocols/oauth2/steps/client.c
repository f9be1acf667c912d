/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks, and where the answer goes (RFC 6749, 4.1.1; RFC 9700, 2.1): until both
 * fit, nothing is redirected. */
#include "idp/base/text.h"
#include "policies/redirect.h"
#include "protocols/oauth2/steps/steps.h"

/*
 * Refuses repeats before another step believes the first of two values (RFC 6749, 3.1). The refusal
 * is a page, because even state is then in doubt.
 */
const struct problem *
step_repeats(struct authorization *az)
{
    return request_has_repeats(az->rq) ? &problem_parameter_repeated : NULL;
}

const struct problem *
step_client(struct authorization *az)
{
    struct request *rq = az->rq;

    az->partner = registry_find(rq->ctx->services->registry, asked(az, "client_id"));
    if (az->partner == NULL)
        return &problem_client_unknown;
    partner_enter(rq->ctx, az->partner);
    return NULL;
}

const struct problem *
step_redirect_uri(struct authorization *az)
{
    const struct partner_profile *profile = &az->partner->profile;
    const char *wanted = asked(az, "redirect_uri");

    for (size_t i = 0; i < profile->redirect_uris.count; i++) {
        if (!redirect_uri_matches(profile->redirect_uris.at[i], wanted, profile->native))
            continue;
        az->may_redirect = true;
        return NULL;
    }
    return &problem_redirect_uri_mismatch;
}
