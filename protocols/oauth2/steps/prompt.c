/* SPDX-License-Identifier: Apache-2.0 */
/* prompt, max_age, login_hint and id_token_hint (OpenID Connect Core, 3.1.2.1): how
 * the person is to be asked. */
#include "idp/base/text.h"
#include "idp/session/token.h"
#include "protocols/oauth2/steps/steps.h"

#define MAX_AGE_LIMIT_S INT32_MAX

const struct problem *
step_prompt(struct authorization *az)
{
    const char *prompt = param(az->rq, "prompt");

    az->authz.prompt = prompt != NULL ? prompt : "";
    if (!text_list_within(az->authz.prompt, "none login consent select_account"))
        return &problem_prompt_invalid;
    if (text_list_has(az->authz.prompt, "none") && text_list_count(az->authz.prompt) > 1)
        return &problem_prompt_invalid;
    return NULL;
}

const struct problem *
step_max_age(struct authorization *az)
{
    const char *max_age = param(az->rq, "max_age");

    az->authz.max_age = az->partner->profile.default_max_age_s;
    if (max_age != NULL && text_to_int(max_age, 0, MAX_AGE_LIMIT_S, &az->authz.max_age) != OK)
        return &problem_max_age_invalid;
    return NULL;
}

const struct problem *
step_hints(struct authorization *az)
{
    const char *login_hint = param(az->rq, "login_hint");
    const char *token = param(az->rq, "id_token_hint");
    struct hint hint;

    az->authz.login_hint = login_hint != NULL ? login_hint : "";
    az->authz.hint_sub = "";
    if (token == NULL)
        return NULL;
    if (id_token_hint_open(az->rq->ctx, token, &hint) != OK ||
        !text_eq(hint.audience, az->partner->profile.partner_id))
        return &problem_hint_invalid;
    az->authz.hint_sub = hint.sub;
    return NULL;
}
