/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/sign-in: the name and the password that a member of staff has in the agency's directory. */
#include "idp/staff/sign_in.h"
#include "idp/base/text.h"
#include "idp/staff/factor.h"
#include "protocols/endpoints.h"
#include "protocols/staff/signing.h"

/* What somebody should do next, where a sentence alone does not lead there. */
static void
links_add(struct request *rq, const struct flow *flow, struct page *page)
{
    if (mistake_is_told(&flow->mistakes, &problem_staff_not_enrolled))
        page_text(page, "enrol_url", flow_url(rq, flow, ENROL_PATH));
    page_text(page, "password_url", flow_url(rq, flow, PASSWORD_PATH));
}

static enum err
sitting_add(struct request *rq, struct page *page)
{
    const char *name;
    enum err err;

    if (!rq->staff->live)
        return OK;
    err = staff_name_open(rq->ctx, &rq->staff->staff, &name);
    if (err == OK) {
        page_text(page, "staff_name", name);
        page_text(page, "home_url", "/staff");
    }
    return err;
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page =
        signing_page(rq, flow, "staff_sign_in", WORD_staff_sign_in_title, SIGN_IN_PATH);
    enum err err = sitting_add(rq, page);

    if (err != OK)
        return problem_of(err);
    page_text(page, "staff_name_typed", param_typed(rq, "staff_name"));
    if (param(rq, "done") != NULL && flow->mistakes.count == 0)
        page_word(page, "notice",
                  text_eq(param(rq, "done"), "password") ? WORD_staff_password_done
                                                         : WORD_staff_enrol_done);
    links_add(rq, flow, page);
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_staff_sign_in(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = signing_open(rq, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

struct staff_signing {
    struct flow flow;
    struct staff_sign_in sign_in;
};

static const struct problem *
told(struct request *rq, const struct staff_signing *signing, const struct problem *problem)
{
    bool leads_on = problem == &problem_staff_password_change;

    return flow_show_again(rq, &signing->flow, leads_on ? PASSWORD_PATH : SIGN_IN_PATH, NULL,
                           problem);
}

static const struct problem *
sign_in_end(struct request *rq, void *state)
{
    struct staff_signing *signing = state;
    struct stored_staff staff;
    const struct problem *problem = staff_sign_in_end(rq->ctx, &signing->sign_in, &staff);

    if (problem == NULL && staff.enrolled_at == 0)
        problem = &problem_staff_not_enrolled;
    if (problem != NULL)
        return told(rq, signing, problem);
    if (staff_has_certificate(&staff, rq->client_certificate))
        return signing_sit(rq, &signing->flow, &staff, NULL, SIGN_IN_PATH, NULL);
    problem = signing_keep(rq, &signing->flow, staff.staff_id);
    return problem != NULL ? problem : flow_go(rq, &signing->flow, FACTOR_PATH);
}

const struct problem *
endpoint_staff_sign_in_submit(struct request *rq)
{
    struct staff_signing *signing = arena_alloc(rq->arena, sizeof(*signing));
    const struct problem *problem = signing_form_open(rq, &signing->flow);

    if (problem != NULL)
        return problem;
    if (!rq->staff->at_counter)
        return told(rq, signing, &problem_staff_counter_missing);
    problem = staff_sign_in_begin(rq->ctx, param_typed(rq, "staff_name"),
                                  param_typed(rq, "password"), &signing->sign_in);
    if (problem != NULL)
        return told(rq, signing, problem);
    return request_ask(rq, &ask_staff_sign_in, &signing->sign_in, sign_in_end, signing);
}
