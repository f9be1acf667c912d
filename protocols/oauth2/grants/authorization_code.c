/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=authorization_code (RFC 6749, 4.1.3; RFC 7636, 4.5; OpenID Connect Core, 3.1.3). */
#include "idp/session/code.h"
#include "protocols/oauth2/grants/grants.h"

const struct problem *
grant_authorization_code(struct request *rq)
{
    struct redemption redemption = {
        .partner = rq->partner,
        .code = param(rq, "code"),
        .redirect_uri = param(rq, "redirect_uri"),
        .code_verifier = param(rq, "code_verifier"),
        .proof_key = rq->proof_key,
    };
    struct stored_grant grant;
    struct token_answer answer = { .approval = &grant.approval,
                                   .grant = &grant,
                                   .flags = TOKENS_ID | TOKENS_REFRESH };
    const struct problem *problem;

    if (redemption.code == NULL)
        return &problem_code_missing;
    problem = code_redeem(rq->ctx, &redemption, &grant, &answer.nonce);
    if (problem != NULL)
        return problem;
    answer.scope = grant.approval.scope;
    problem = answer_device_secret(rq, &answer);
    return problem != NULL ? problem : answer_tokens(rq, &answer);
}
