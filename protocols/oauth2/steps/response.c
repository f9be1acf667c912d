/* SPDX-License-Identifier: Apache-2.0 */
/* response_type, response_mode, state and nonce: the form of the answer. */
#include "idp/base/text.h"
#include "protocols/oauth2/steps/steps.h"

/* First, so that later errors go back the way that was asked for. */
const struct problem *
step_response_mode(struct authorization *az)
{
    const char *state = param(az->rq, "state");
    const char *mode = param(az->rq, "response_mode");

    az->authz.response_mode = "query";
    az->authz.state = state != NULL ? state : "";
    if (mode == NULL || text_eq(mode, "query"))
        return NULL;
    if (!text_eq(mode, "form_post") ||
        !text_list_has(az->partner->profile.response_modes, "form_post"))
        return &problem_response_mode_unsupported;
    az->authz.response_mode = "form_post";
    return NULL;
}

const struct problem *
step_response_type(struct authorization *az)
{
    const char *type = param(az->rq, "response_type");

    if (type == NULL)
        return &problem_response_type_missing;
    if (!text_eq(type, "code"))
        return &problem_response_type_unsupported;
    if (!text_list_has(az->partner->profile.grant_types, "authorization_code"))
        return &problem_response_type_not_allowed;
    return NULL;
}

/* Request objects are a matter of their own (RFC 9101); to ignore one would be to do
 * something else than was asked. */
const struct problem *
step_request_object(struct authorization *az)
{
    if (param(az->rq, "request") != NULL)
        return &problem_request_object_unsupported;
    if (param(az->rq, "request_uri") != NULL)
        return &problem_request_uri_unsupported;
    if (param(az->rq, "registration") != NULL)
        return &problem_registration_unsupported;
    return NULL;
}

/* What no step will read is refused here, once the way back is known. */
const struct problem *
step_bounds(struct authorization *az)
{
    return request_bounds_check(az->rq);
}

const struct problem *
step_nonce(struct authorization *az)
{
    const char *nonce = param(az->rq, "nonce");

    az->authz.nonce = nonce != NULL ? nonce : "";
    return NULL;
}

/* Each text may have its full length, but not all of them at once: the browser has to carry them in
 * a link, to our pages and back to the partner. */
const struct problem *
step_size(struct authorization *az)
{
    return authz_fits(&az->authz, az->rq->ctx->settings->server.issuer) ? NULL
                                                                        : &problem_request_too_long;
}
