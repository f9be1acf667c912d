/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /oauth2/authorize: the authorization endpoint (RFC 6749, 3.1; OpenID
 * Connect Core 1.0, 3.1.2). */
#include "idp/base/text.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/oauth2/steps/steps.h"

const struct problem *
endpoint_authorize(struct request *rq)
{
    struct authorization az = { .rq = rq };

    return authorization_run(&az, OCCASION_REQUEST);
}

/* GET /oauth2/authorize/resume: a page of ours is done (logged in, agreed); the
 * request goes on where it stood. */
const struct problem *
endpoint_authorize_resume(struct request *rq)
{
    struct authorization az = { .rq = rq };
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    if (text_is_empty(flow.tx.authz.partner_id))
        return &problem_transaction_order;
    if (flow.tx.created_at <
        flow.partner->since) /* another's request, by the same name (ADR 0013) */
        return &problem_transaction_lost;
    az.authz = flow.tx.authz;
    az.tx = &flow.tx;
    az.tx_sealed = flow.sealed;
    return authorization_run(&az, OCCASION_RESUME);
}
