/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /oauth2/authorize: the authorization endpoint (RFC 6749, 3.1; OpenID Connect
 * Core 1.0, 3.1.2). */
#include "idp/base/text.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/oauth2/steps/steps.h"

const struct problem *
endpoint_authorize(struct request *rq)
{
    struct authorization az = { .rq = rq };

    asked_of_request(&az);
    return authorization_run(&az, &occasion_request);
}

/*
 * GET /oauth2/authorize/resume: the person comes back from our pages (she has logged in, agreed or
 * refused), and the request goes on where it stood. One that has waited too long is judged as if it
 * were asked now.
 */
const struct problem *
endpoint_authorize_resume(struct request *rq)
{
    struct authorization az = { .rq = rq };
    const struct problem *problem = flow_open_expired(rq, &az.flow);

    if (problem != NULL)
        return problem;
    if (!text_eq(az.flow.tx.purpose, PURPOSE_AUTHORIZE))
        return &problem_transaction_order;
    if (params_unpack(rq->arena, az.flow.tx.asked, &az.asked) != OK)
        return &problem_transaction_lost;
    return az.flow.has_expired ? authorization_anew(&az, &occasion_anew)
                               : authorization_run(&az, &occasion_resume);
}
