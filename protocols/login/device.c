/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /device: the code that a device shows (RFC 8628, 3.3 and 3.3.1). */
#include "protocols/login/device.h"

#include "idp/base/text.h"
#include "policies/user_code.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"

#define PATH "/device"

const struct problem *
device_flow_check(const struct flow *flow)
{
    return text_eq(flow->tx.purpose, PURPOSE_DEVICE) ? NULL : &problem_transaction_order;
}

const char *
device_flow_code(struct request *rq, const struct flow *flow)
{
    struct params asked;

    if (text_is_empty(flow->tx.asked) || params_unpack(rq->arena, flow->tx.asked, &asked) != OK)
        return NULL;
    return params_find(&asked, "user_code");
}

const struct problem *
device_flow_ask_again(struct request *rq, const struct flow *flow, const char *field,
                      const struct problem *told)
{
    return flow_show_again(rq, flow, PATH, field, told);
}

/* No store is asked for what is no code. Whose it is is looked up once somebody is logged in. */
static const struct problem *
code_take(struct request *rq, struct flow *flow, const char *typed)
{
    const char *names[] = { "user_code" };
    char code[USER_CODE_LETTERS + 1];
    const char *values[] = { code };
    const struct problem *problem;

    if (typed == NULL || !user_code_read(typed, code))
        return device_flow_ask_again(rq, flow, "user_code", &problem_user_code_malformed);
    flow->tx.asked = params_pack(rq->arena, &(struct params) { 1, names, values });
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, "/device/confirm");
}

/* With the code in the address, as a QR code brings it, or without. */
static const struct problem *
begin(struct request *rq)
{
    struct flow flow = { .tx.purpose = PURPOSE_DEVICE };
    const char *typed = param(rq, "user_code");
    const struct problem *problem = flow_begin(rq, &flow);

    if (problem != NULL)
        return problem;
    return typed != NULL ? code_take(rq, &flow, typed) : flow_go(rq, &flow, PATH);
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "device", WORD_device_title, PATH);
    const char *typed = param_typed(rq, "user_code");
    const char *code = device_flow_code(rq, flow);

    if (text_is_empty(typed) && code != NULL)
        typed = user_code_shown(rq->arena, code);
    page_text(page, "user_code", typed);
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_device(struct request *rq)
{
    struct flow flow;
    const struct problem *problem;

    if (param(rq, "tx") == NULL)
        return begin(rq);
    problem = flow_open(rq, &flow);
    if (problem == NULL)
        problem = device_flow_check(&flow);
    return problem != NULL ? problem : show(rq, &flow);
}

const struct problem *
endpoint_device_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem == NULL)
        problem = device_flow_check(&flow);
    return problem != NULL ? problem : code_take(rq, &flow, param_typed(rq, "user_code"));
}
