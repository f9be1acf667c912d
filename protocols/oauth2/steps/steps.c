/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/steps/steps.h"

#include "idp/audit/audit.h"

static const struct {
    const char *name; /* the reason in the audit trail */
    const struct problem *(*run)(struct authorization *az);
    unsigned occasions;
} matrix[] = {
    { "duplicate_param", step_repeats, OCCASION_REQUEST },
    { "client", step_client, OCCASION_REQUEST | OCCASION_RESUME },
    { "redirect_uri", step_redirect_uri, OCCASION_REQUEST | OCCASION_RESUME },
    { "response_mode", step_response_mode, OCCASION_REQUEST },
    { "bounds", step_bounds, OCCASION_REQUEST },
    { "response_type", step_response_type, OCCASION_REQUEST },
    { "request_object", step_request_object, OCCASION_REQUEST },
    { "scope", step_scope, OCCASION_REQUEST },
    { "pkce", step_pkce, OCCASION_REQUEST },
    { "nonce", step_nonce, OCCASION_REQUEST },
    { "prompt", step_prompt, OCCASION_REQUEST },
    { "max_age", step_max_age, OCCASION_REQUEST },
    { "claims", step_claims, OCCASION_REQUEST | OCCASION_RESUME },
    { "hints", step_hints, OCCASION_REQUEST },
    { "size", step_size, OCCASION_REQUEST },
    { "login", step_login, OCCASION_REQUEST | OCCASION_RESUME },
    { "level", step_level, OCCASION_REQUEST | OCCASION_RESUME },
    { "consent", step_consent, OCCASION_REQUEST | OCCASION_RESUME },
    { "code", step_code, OCCASION_REQUEST | OCCASION_RESUME },
};

#define STEPS (sizeof(matrix) / sizeof(matrix[0]))

/* What only says "not without asking the person" is the protocol's daily bread,
 * not a refusal for security. */
static bool
is_ordinary(const struct problem *problem)
{
    return problem == &problem_login_required || problem == &problem_consent_required;
}

static const struct problem *
refuse(struct authorization *az, const char *reason, const struct problem *problem)
{
    if (!is_ordinary(problem))
        audit_refusal(az->rq->ctx,
                      &(struct audit_record) { .event = AUDIT_AUTHZ_REJECTED,
                                               .reason = reason,
                                               .partner_id = az->partner != NULL
                                                                 ? az->partner->profile.partner_id
                                                                 : NULL });
    return authorization_refuse(az, problem);
}

const struct problem *
authorization_run(struct authorization *az, enum occasion occasion)
{
    for (size_t i = 0; i < STEPS; i++) {
        const struct problem *problem;

        if ((matrix[i].occasions & (unsigned)occasion) == 0)
            continue;
        problem = matrix[i].run(az);
        if (problem != NULL)
            return problem_is_temporary(problem) || problem == &problem_internal
                       ? problem
                       : refuse(az, matrix[i].name, problem);
        if (az->rq->response.status != 0)
            return NULL;
    }
    return &problem_internal; /* the last step answers */
}
