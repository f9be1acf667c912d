/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /recover: the number that she uses now. GET and POST /recover/code: the code sent to
 * it. Nothing is told of whose number it is. */
#include "idp/person/phone_code.h"
#include "protocols/endpoints.h"
#include "protocols/flow/phone_step.h"

static void
fill(struct request *rq, const struct flow *flow, struct page *page)
{
    page_text(page, "login_url", flow_url(rq, flow, "/login"));
}

static const struct phone_step step = {
    .purpose = "recover",
    .closed = &problem_recovery_closed,
    .phone_form = "recover-phone-form",
    .phone_title = WORD_recover_phone_title,
    .phone_path = "/recover",
    .phone_fill = fill,
    .instead_fill = phone_step_window_instead,
    .code_form = "recover-code-form",
    .code_title = WORD_register_code_title,
    .code_path = "/recover/code",
    .sent = RECOVERY_CODE_SENT,
};

const struct problem *
endpoint_recover(struct request *rq)
{
    return phone_step_begin(rq, &step);
}

const struct problem *
endpoint_recover_send(struct request *rq)
{
    return phone_step_send(rq, &step);
}

const struct problem *
endpoint_recover_code(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return transaction_has_come_to(&flow.tx, RECOVERY_CODE_SENT)
               ? phone_step_show_code(rq, &step, &flow)
               : &problem_transaction_order;
}

const struct problem *
endpoint_recover_code_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!transaction_has_come_to(&flow.tx, RECOVERY_CODE_SENT))
        return &problem_transaction_order;
    problem =
        phone_code_check(rq->ctx, &(struct phone_code) { flow.tx.id, step.purpose, flow.tx.phone },
                         param(rq, "code"), NULL);
    if (problem != NULL)
        return flow_show_again(rq, &flow, step.code_path, "code", problem);
    flow.tx.enrolment = RECOVERY_PHONE_PROVEN;
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, "/recover/identity");
}
