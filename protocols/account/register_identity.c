/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register/identity: name, identity number and bank card, and
 * the bank's word on them. */
#include "idp/person/phone_holder.h"
#include "idp/session/recovery.h"
#include "idp/session/stop.h"
#include "protocols/account/identity_step.h"
#include "protocols/endpoints.h"

static const struct problem *registered(struct request *rq, struct flow *flow,
                                        const struct applicant *applicant,
                                        struct bank_asking *asking);

static void
fill(struct request *rq, const struct flow *flow, struct page *page)
{
    if (mistake_is_told(&flow->mistakes, &problem_already_registered) ||
        mistake_is_told(&flow->mistakes, &problem_phone_taken))
        page_text(page, "login_url", flow_url(rq, flow, "/login"));
}

static const struct identity_step step = {
    .purpose = "register",
    .form = "register-identity-form",
    .title = WORD_register_identity_title,
    .path = "/register/identity",
    .from = ENROLMENT_CONSENTED,
    .fill = fill,
    .begin = registration_begin,
    .end = registered,
};

static const struct problem *
go_on(struct request *rq, struct flow *flow, enum enrolment_phase phase, const char *path)
{
    const struct problem *problem;

    flow->tx.enrolment = phase;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, path);
}

/* She has proven all that a recovery asks for, so she is offered one: her number may be a new one,
 * or her password forgotten. */
static const struct problem *
recover(struct request *rq, struct flow *flow, const struct applicant *applicant,
        const struct bank_asking *asking)
{
    const struct problem *problem =
        recovery_find(rq->ctx, applicant, asking->order.order_id, &flow->tx.person_id);

    if (problem != NULL)
        return identity_step_refuse(rq, &step, flow, problem);
    identity_step_proven(rq, flow);
    return go_on(rq, flow, RECOVERY_PROVEN, "/recover/password");
}

/* Her number had another owner: what stands on it there ends. */
static enum err
holder_end(struct ctx *ctx, const struct phone_holder *holder)
{
    if (holder->person_id == NULL)
        return OK;
    return person_end(ctx, holder->person_id,
                      &(struct person_ending) { "recycled", "", TIME_NEVER });
}

static const struct problem *
registered(struct request *rq, struct flow *flow, const struct applicant *applicant,
           struct bank_asking *asking)
{
    struct phone_holder holder;
    enum err err = phone_holder_find(rq->ctx, applicant->person_id, applicant->phone, &holder);
    const struct problem *problem;

    if (err != OK)
        return problem_of(err);
    problem = registration_end(rq->ctx, applicant, asking);
    if (problem == &problem_already_registered)
        return recover(rq, flow, applicant, asking);
    if (problem != NULL)
        return identity_step_refuse(rq, &step, flow, problem);
    err = holder_end(rq->ctx, &holder);
    if (err != OK)
        return problem_of(err);
    return go_on(rq, flow, ENROLMENT_REGISTERED, "/register/password");
}

const struct problem *
endpoint_register_identity(struct request *rq)
{
    return identity_step_show(rq, &step);
}

const struct problem *
endpoint_register_identity_submit(struct request *rq)
{
    return identity_step_submit(rq, &step);
}
