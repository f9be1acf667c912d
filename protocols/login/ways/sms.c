/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /login/sms: the number a code goes to. GET and POST /login/sms/code: the code.
 * POST /login/proven: the number that was proven in this flow when she wanted to register. */
#include "idp/base/text.h"
#include "idp/person/registration.h"
#include "idp/session/login.h"
#include "protocols/endpoints.h"
#include "protocols/flow/phone_step.h"
#include "protocols/login/ways/ways.h"

static const struct way *const here = &ways[WAY_SMS];

static void
fill(struct request *rq, const struct flow *flow, struct page *page)
{
    way_links(rq, flow, here, page);
}

static void
instead(struct request *rq, const struct flow *flow, struct page *page)
{
    way_instead(rq, flow, &ways[WAY_PASSWORD], page);
}

/* Nobody has this number: she registers with what she has just proven. */
static void
elsewhere(struct request *rq, const struct flow *flow, struct page *page)
{
    bool proven = transaction_has_come_to(&flow->tx, ENROLMENT_PHONE_PROVEN);

    if (proven || mistake_is_told(&flow->mistakes, &problem_phone_unknown))
        page_text(page, "register_url",
                  flow_url(rq, flow, proven ? "/register/notice" : "/register"));
}

static const struct phone_step step = {
    .purpose = "login",
    .closed = &problem_way_unavailable,
    .phone_form = "login-sms-form",
    .phone_title = WORD_login_sms_title,
    .phone_path = "/login/sms",
    .phone_fill = fill,
    .instead_fill = instead,
    .code_form = "login-sms-code-form",
    .code_title = WORD_login_sms_code_title,
    .code_path = "/login/sms/code",
    .elsewhere_fill = elsewhere,
    .sent = ENROLMENT_NONE,
};

const struct problem *
endpoint_login_sms(struct request *rq)
{
    return phone_step_begin(rq, &step);
}

const struct problem *
endpoint_login_sms_send(struct request *rq)
{
    return phone_step_send(rq, &step);
}

const struct problem *
endpoint_login_sms_code(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return text_is_empty(flow.tx.phone) ? &problem_transaction_order
                                        : phone_step_show_code(rq, &step, &flow);
}

/* The code was right, and nobody has the number; who is disabled has it, and is told no more. */
static const struct problem *
lead_to_register(struct request *rq, struct flow *flow)
{
    const struct problem *problem = NULL;

    if (registration_phone_free(rq->ctx, flow->tx.phone) == NULL) {
        flow->tx.enrolment = ENROLMENT_PHONE_PROVEN;
        phone_step_proven(rq, flow);
        problem = flow_reseal(rq, flow);
    }
    return problem != NULL
               ? problem
               : flow_show_again(rq, flow, step.code_path, NULL, &problem_phone_unknown);
}

/* The number may have a new owner: whoever holds it goes on as who recovers her account does. */
static const struct problem *
prove_identity(struct request *rq, struct flow *flow)
{
    const struct problem *problem;

    flow->tx.enrolment = RECOVERY_PHONE_PROVEN;
    problem = flow_reseal(rq, flow);
    if (problem != NULL)
        return problem;
    return flow_show_again(rq, flow, "/recover/identity", NULL, &problem_phone_stale);
}

/* She left her registration before its last step: it goes on there. */
static const struct problem *
choose_password(struct request *rq, struct flow *flow, const struct proof *proof)
{
    const struct problem *problem;

    flow->tx.person_id = proof->person_id;
    flow->tx.enrolment = ENROLMENT_REGISTERED;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, "/register/password");
}

static const struct problem *
lead_on(struct request *rq, struct flow *flow, const struct proof *proof)
{
    bool chosen;
    enum err err = password_is_chosen(rq->ctx, proof->person_id, &chosen);

    if (err != OK)
        return problem_of(err);
    return chosen ? way_log_in(rq, flow, here, proof) : choose_password(rq, flow, proof);
}

const struct problem *
endpoint_login_sms_submit(struct request *rq)
{
    struct flow flow;
    struct proof proof;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (text_is_empty(flow.tx.phone))
        return &problem_transaction_order;
    problem = login_by_code(rq->ctx, flow.tx.id, flow.tx.phone, param(rq, "code"), &proof);
    if (problem == &problem_phone_unknown)
        return lead_to_register(rq, &flow);
    if (problem == &problem_phone_stale)
        return prove_identity(rq, &flow);
    if (problem != NULL)
        return flow_show_again(rq, &flow, step.code_path, "code", problem);
    return lead_on(rq, &flow, &proof);
}

/* She wanted to register, the code was right, and the number has an account: one press logs her in. */
const struct problem *
endpoint_login_proven(struct request *rq)
{
    struct flow flow;
    struct proof proof;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem == NULL)
        problem = way_check(rq, here);
    if (problem != NULL)
        return problem;
    if (flow.tx.proven_at == 0)
        return &problem_transaction_order;
    if (!phone_step_is_proven(rq, &flow))
        return flow_show_again(rq, &flow, step.phone_path, NULL, &problem_phone_proof_old);
    problem = login_by_proven_phone(rq->ctx, flow.tx.phone, &proof);
    if (problem == &problem_phone_stale)
        return prove_identity(rq, &flow);
    if (problem != NULL)
        return flow_show_again(rq, &flow, step.phone_path, NULL, problem);
    return lead_on(rq, &flow, &proof);
}
