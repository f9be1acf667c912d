/* SPDX-License-Identifier: Apache-2.0 */
/* response_type, response_mode, state and nonce: the form of the answer. */
#include <string.h>

#include "idp/base/text.h"
#include "protocols/oauth2/steps/steps.h"

#define STATE_MAX_BYTES 2048
#define NONCE_MAX_BYTES 1024

/* First, so that later errors go back the way that was asked for. */
const struct problem *
step_response_mode(struct authorization *az)
{
    const char *state = param(az->rq, "state");
    const char *mode = param(az->rq, "response_mode");

    az->authz.response_mode = "query";
    az->authz.state = state != NULL && strlen(state) <= STATE_MAX_BYTES ? state : "";
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

/* Request objects are a matter of their own (RFC 9101); to ignore one would be to do something else
 * than was asked. */
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

const struct problem *
step_state_nonce(struct authorization *az)
{
    const char *state = param(az->rq, "state");
    const char *nonce = param(az->rq, "nonce");

    if (state != NULL && strlen(state) > STATE_MAX_BYTES)
        return &problem_state_too_long;
    if (nonce != NULL && strlen(nonce) > NONCE_MAX_BYTES)
        return &problem_nonce_too_long;
    az->authz.nonce = nonce != NULL ? nonce : "";
    return NULL;
}
