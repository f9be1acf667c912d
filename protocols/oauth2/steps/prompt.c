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
    const char *prompt = asked(az, "prompt");

    az->prompt = prompt != NULL ? prompt : "";
    if (!text_list_within(az->prompt, "none login consent select_account"))
        return &problem_prompt_invalid;
    if (text_list_has(az->prompt, "none") && text_list_count(az->prompt) > 1)
        return &problem_prompt_invalid;
    return NULL;
}

const struct problem *
step_max_age(struct authorization *az)
{
    const char *max_age = asked(az, "max_age");

    az->max_age = az->partner->profile.default_max_age_s;
    if (max_age != NULL && text_to_int(max_age, 0, MAX_AGE_LIMIT_S, &az->max_age) != OK)
        return &problem_max_age_invalid;
    return NULL;
}

/* The request keeps only whom the hint names: the token itself is long and holds personal data. */
static void
hint_drop(struct authorization *az)
{
    struct params *all = &az->asked;
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++) {
        if (text_eq(all->names[i], "id_token_hint"))
            continue;
        all->names[kept] = all->names[i];
        all->values[kept++] = all->values[i];
    }
    all->count = kept;
}

const struct problem *
step_hints(struct authorization *az)
{
    const char *token = asked(az, "id_token_hint");
    struct hint hint;

    if (token == NULL)
        return NULL;
    if (id_token_hint_open(az->rq->ctx, token, &hint) != OK ||
        !text_eq(hint.audience, az->partner->profile.partner_id))
        return &problem_hint_invalid;
    az->flow.tx.hint_sub = hint.sub;
    hint_drop(az);
    return NULL;
}
