/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/steps/steps.h"

#include "idp/audit/audit.h"

#define REQUEST 1U
#define RESUME 2U
#define BOTH (REQUEST | RESUME)

const struct occasion occasion_request = { REQUEST, authorization_refuse };
const struct occasion occasion_resume = { RESUME, authorization_refuse };

/*
 * Steps that need nothing but the request run again when it is resumed: the operator may have
 * changed the partner's registration meanwhile.
 */
static const struct {
    const char *name; /* the reason in the audit trail */
    const struct problem *(*run)(struct authorization *az);
    unsigned columns;
} matrix[] = {
    { "duplicate_param", step_repeats, REQUEST },
    { "client", step_client, BOTH },
    { "redirect_uri", step_redirect_uri, BOTH },
    { "response_mode", step_response_mode, BOTH },
    { "outcome", step_outcome, RESUME },
    { "bounds", step_bounds, REQUEST },
    { "response_type", step_response_type, BOTH },
    { "request_object", step_request_object, BOTH },
    { "scope", step_scope, BOTH },
    { "pkce", step_pkce, BOTH },
    { "prompt", step_prompt, BOTH },
    { "max_age", step_max_age, BOTH },
    { "claims", step_claims, BOTH },
    { "hints", step_hints, BOTH },
    { "size", step_size, REQUEST },
    { "login", step_login, BOTH },
    { "level", step_level, BOTH },
    { "consent", step_consent, BOTH },
    { "code", step_code, BOTH },
};

#define STEPS (sizeof(matrix) / sizeof(matrix[0]))

/*
 * An answer that only says "not without asking the person" is ordinary and no refusal for security.
 */
static bool
is_ordinary(const struct problem *problem)
{
    return problem == &problem_login_required || problem == &problem_consent_required;
}

static const struct problem *
refuse(struct authorization *az, const struct occasion *occasion, const char *reason,
       const struct problem *problem)
{
    if (!is_ordinary(problem))
        audit_note(az->rq->ctx,
                   &(struct audit_record) { .event = AUDIT_AUTHZ_REJECTED,
                                            .reason = reason,
                                            .partner_id = az->partner != NULL
                                                              ? az->partner->profile.partner_id
                                                              : NULL });
    return occasion->refuse(az, problem);
}

const struct problem *
authorization_run(struct authorization *az, const struct occasion *occasion)
{
    for (size_t i = 0; i < STEPS; i++) {
        const struct problem *problem;

        if ((matrix[i].columns & occasion->bit) == 0)
            continue;
        problem = matrix[i].run(az);
        if (problem != NULL)
            return problem_is_temporary(problem) || problem == &problem_internal
                       ? problem
                       : refuse(az, occasion, matrix[i].name, problem);
        if (az->rq->response.status != 0)
            return NULL;
    }
    return &problem_internal; /* the last step answers */
}
