/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/factor: the second factor, behind the password. Only both open a sitting. */
#include "idp/staff/factor.h"
#include "idp/base/text.h"
#include "protocols/endpoints.h"
#include "protocols/staff/signing.h"

static const struct problem *
show(struct request *rq, const struct flow *flow, const struct stored_staff *staff)
{
    struct page *page =
        signing_page(rq, flow, "staff_factor", WORD_staff_factor_title, FACTOR_PATH);
    const char *name;
    enum err err = staff_name_open(rq->ctx, staff, &name);

    if (err != OK)
        return problem_of(err);
    page_text(page, "staff_name", name);
    page_text(page, "again_url", flow_url(rq, flow, SIGN_IN_PATH));
    return flow_answer(rq, flow, page, "code");
}

/* Her row, if it was she who showed the password here; else she begins with that. */
static const struct problem *
staff_of(struct request *rq, const struct flow *flow, struct stored_staff *out)
{
    const char *staff_id = signing_staff(rq, flow);
    enum err err = ERR_NOT_FOUND;
    const struct problem *problem;

    if (staff_id != NULL && rq->staff->at_counter)
        err = store_staff_load(rq->ctx->store, rq->arena, staff_id, out);
    if (err == OK)
        return NULL;
    if (err != ERR_NOT_FOUND)
        return problem_of(err);
    problem = flow_go(rq, flow, SIGN_IN_PATH);
    return problem != NULL ? problem : &problem_answered;
}

const struct problem *
endpoint_staff_factor(struct request *rq)
{
    struct flow flow;
    struct stored_staff staff;
    const struct problem *problem = signing_open(rq, &flow);

    if (problem == NULL)
        problem = staff_of(rq, &flow, &staff);
    return problem != NULL ? problem : show(rq, &flow, &staff);
}

const struct problem *
endpoint_staff_factor_submit(struct request *rq)
{
    struct flow flow;
    struct stored_staff staff;
    const char *code = param_typed(rq, "code");
    const struct problem *problem = signing_form_open(rq, &flow);

    if (problem == NULL)
        problem = staff_of(rq, &flow, &staff);
    if (problem != NULL)
        return problem;
    if (!text_is_empty(code))
        return signing_sit(rq, &flow, &staff, code, FACTOR_PATH, "code");
    if (staff_has_certificate(&staff, rq->client_certificate))
        return signing_sit(rq, &flow, &staff, NULL, FACTOR_PATH, NULL);
    return flow_show_again(rq, &flow, FACTOR_PATH, "code", &problem_staff_factor_missing);
}
