/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /recover/identity: whose account it is, proven as at the registration. */
#include "idp/session/recovery.h"
#include "protocols/account/identity_step.h"
#include "protocols/endpoints.h"

static const struct problem *proven(struct request *rq, struct flow *flow,
                                    const struct applicant *applicant, struct bank_asking *asking);

static void
fill(struct request *rq, const struct flow *flow, struct page *page)
{
    if (mistake_is_told(&flow->mistakes, &problem_recovery_no_account))
        page_text(page, "register_url", flow_url(rq, flow, "/register"));
}

static const struct identity_step step = {
    .purpose = "recover",
    .form = "recover-identity-form",
    .title = WORD_recover_identity_title,
    .path = "/recover/identity",
    .from = RECOVERY_PHONE_PROVEN,
    .fill = fill,
    .begin = recovery_begin,
    .end = proven,
};

static const struct problem *
proven(struct request *rq, struct flow *flow, const struct applicant *applicant,
       struct bank_asking *asking)
{
    const struct problem *problem = recovery_end(rq->ctx, applicant, asking, &flow->tx.person_id);

    if (problem != NULL)
        return identity_step_refuse(rq, &step, flow, problem);
    identity_step_proven(rq, flow);
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, "/recover/password");
}

const struct problem *
endpoint_recover_identity(struct request *rq)
{
    return identity_step_show(rq, &step);
}

const struct problem *
endpoint_recover_identity_submit(struct request *rq)
{
    return identity_step_submit(rq, &step);
}
