/* SPDX-License-Identifier: Apache-2.0 */
/* POST /login/cancel: back to the partner without logging in. */
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"

const struct problem *
endpoint_login_cancel(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    return flow.partner == NULL ? &problem_transaction_order : flow_refuse(rq, &flow, "login");
}
