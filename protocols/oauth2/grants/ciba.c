/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=urn:openid:params:grant-type:ciba (OpenID Connect CIBA Core 1.0, 10.1). */
#include "idp/session/backchannel.h"
#include "protocols/oauth2/grants/grants.h"

const struct problem *
grant_ciba(struct request *rq)
{
    const struct backchannel_turn turn = { rq->partner, param(rq, "auth_req_id") };
    struct stored_grant grant;
    const struct problem *problem;

    if (turn.auth_req_id == NULL)
        return &problem_auth_req_id_missing;
    problem = backchannel_redeem(rq->ctx, &turn, &grant);
    return problem != NULL ? problem : answer_grant(rq, &grant);
}
