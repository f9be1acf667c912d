/* SPDX-License-Identifier: Apache-2.0 */
/* The device secret of an answer (OpenID Connect Native SSO 1.0, 3.4). */
#include "idp/base/text.h"
#include "idp/session/native_sso.h"
#include "protocols/oauth2/grants/grants.h"

static bool
is_refresh(const struct request *rq)
{
    return text_eq(param(rq, "grant_type"), "refresh_token");
}

const struct problem *
answer_device_secret(struct request *rq, struct token_answer *answer)
{
    const struct device_owner owner = { rq->partner, answer->grant, rq->proof_key };
    enum err err;

    if (!text_list_has(answer->scope, "device_sso") ||
        text_is_empty(rq->partner->profile.native_sso_group))
        return NULL;
    err = device_secret_keep(rq->ctx, &owner, param(rq, "device_secret"), &answer->device_secret);
    if (err == OK && answer->device_secret == NULL && !is_refresh(rq))
        err = device_secret_issue(rq->ctx, &owner, &answer->device_secret);
    return problem_of(err);
}
