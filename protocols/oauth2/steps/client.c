/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks, and where the answer goes (RFC 6749, 4.1.1; RFC 9700, 2.1): until both fit, nothing is redirected. */
#include "idp/base/text.h"
#include "policies/redirect.h"
#include "protocols/oauth2/steps/steps.h"

const struct problem *
step_client(struct authorization *az)
{
    struct request *rq = az->rq;
    const char *id = az->tx != NULL ? az->authz.partner_id : param(rq, "client_id");

    az->partner = registry_find(rq->ctx->services->registry, id);
    if (az->partner == NULL)
        return &problem_client_unknown;
    az->authz.partner_id = az->partner->profile.partner_id;
    rq->ctx->channel = az->partner->profile.channel;
    return NULL;
}

static const struct params *
params_of(const struct request *rq)
{
    return rq->form.count > 0 ? &rq->form : &rq->query;
}

/* Twice the same name is refused before the first value is believed (RFC 6749, 3.1). */
static bool
stands_twice(const struct params *params, const char *name)
{
    size_t found = 0;

    for (size_t i = 0; i < params->count; i++)
        found += text_eq(params->names[i], name);
    return found > 1;
}

const struct problem *
step_redirect_uri(struct authorization *az)
{
    const struct partner_profile *profile = &az->partner->profile;
    const char *asked = az->tx != NULL ? az->authz.redirect_uri : param(az->rq, "redirect_uri");

    if (az->tx == NULL && (stands_twice(params_of(az->rq), "redirect_uri") ||
                           stands_twice(params_of(az->rq), "client_id")))
        return &problem_parameter_repeated;
    for (size_t i = 0; i < profile->redirect_uris.count; i++) {
        if (!redirect_uri_matches(profile->redirect_uris.at[i], asked, profile->native))
            continue;
        az->authz.redirect_uri = asked;
        az->may_redirect = true;
        return NULL;
    }
    return &problem_redirect_uri_mismatch;
}

/* Any other parameter twice: shown on a page, because even state is then in doubt. */
const struct problem *
step_repeats(struct authorization *az)
{
    if (!params_have_repeats(params_of(az->rq)))
        return NULL;
    az->may_redirect = false;
    return &problem_parameter_repeated;
}
