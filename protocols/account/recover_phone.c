/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /recover: the number that she uses now. GET and POST /recover/code: the code sent to
 * it. Nothing is told of whose number it is. */
#include "protocols/endpoints.h"
#include "protocols/flow/phone_step.h"

static void
fill(struct request *rq, const struct flow *flow, struct page *page)
{
    page_text(page, "login_url", flow_url(rq, flow, "/login"));
}

static const struct problem *
proven(struct request *rq, struct flow *flow)
{
    const struct problem *problem;

    flow->tx.enrolment = RECOVERY_PHONE_PROVEN;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, "/recover/identity");
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
    .proven = proven,
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
    return phone_step_code(rq, &step);
}

const struct problem *
endpoint_recover_code_submit(struct request *rq)
{
    return phone_step_code_submit(rq, &step);
}
