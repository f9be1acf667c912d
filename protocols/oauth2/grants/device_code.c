/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=urn:ietf:params:oauth:grant-type:device_code (RFC 8628, 3.4 and 3.5). */
#include "idp/session/device_code.h"
#include "protocols/oauth2/grants/grants.h"

const struct problem *
grant_device_code(struct request *rq)
{
    const struct device_redemption redemption = { .partner = rq->partner,
                                                  .device_code = param(rq, "device_code"),
                                                  .proof_key = rq->proof_key };
    struct stored_grant grant;
    const struct problem *problem;

    if (redemption.device_code == NULL)
        return &problem_device_code_missing;
    problem = device_code_redeem(rq->ctx, &redemption, &grant);
    return problem != NULL ? problem : answer_grant(rq, &grant);
}
