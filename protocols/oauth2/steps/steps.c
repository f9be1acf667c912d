/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/oauth2/steps/steps.h"

#include "idp/audit/audit.h"

#define REQUEST 1U
#define RESUME 2U
#define ANEW 4U
#define ENTER 8U
#define ENTERED 16U
#define HERE (REQUEST | RESUME | ANEW)
#define THERE (ENTER | ENTERED) /* at the listener of staff */
#define ALL (HERE | THERE)

const struct occasion occasion_request = { REQUEST, authorization_refuse };
const struct occasion occasion_resume = { RESUME, authorization_refuse };
const struct occasion occasion_anew = { ANEW, authorization_refuse };
const struct occasion occasion_enter = { ENTER, authorization_refuse };
const struct occasion occasion_entered = { ENTERED, authorization_refuse };

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
    { "client", step_client, ALL },
    { "redirect_uri", step_redirect_uri, ALL },
    { "response_mode", step_response_mode, ALL },
    { "outcome", step_outcome, RESUME | ENTERED },
    { "bounds", step_bounds, REQUEST },
    { "response_type", step_response_type, ALL },
    { "request_object", step_request_object, ALL },
    { "scope", step_scope, ALL },
    { "pkce", step_pkce, ALL },
    { "dpop", step_dpop, ALL },
    { "prompt", step_prompt, ALL },
    { "max_age", step_max_age, ALL },
    { "claims", step_claims, ALL },
    { "hints", step_hints, ALL },
    { "size", step_size, REQUEST | ANEW | ENTER },
    { "hand_over", step_hand_over, HERE },
    { "login", step_login, HERE },
    { "sitting", step_sitting, THERE },
    { "level", step_level, ALL },
    { "consent", step_consent, HERE },
    { "code", step_code, ALL },
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

const struct problem *
authorization_anew(struct authorization *az, const struct occasion *occasion)
{
    const struct flow expired = az->flow;

    az->flow = flow_anew(az->rq, &expired);
    az->flow.tx.hint_sub = expired.tx.hint_sub;
    return authorization_run(az, occasion);
}
