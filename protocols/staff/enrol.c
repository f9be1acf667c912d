/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /staff/enrol: password and a code that somebody who may gave her. GET and POST /staff/bootstrap: the same by the
 * operator's secret, while nobody has a factor; 404 from then on.
 */
#include "idp/base/text.h"
#include "idp/staff/enrolment.h"
#include "idp/staff/sign_in.h"
#include "protocols/endpoints.h"
#include "protocols/staff/signing.h"

struct enrol_proving {
    struct flow flow;
    struct staff_sign_in sign_in;
    bool is_first;
};

static const char *
path_of(const struct enrol_proving *proving)
{
    return proving->is_first ? BOOTSTRAP_PATH : ENROL_PATH;
}

static const struct problem *
show(struct request *rq, const struct enrol_proving *proving)
{
    bool first = proving->is_first;
    struct page *page =
        signing_page(rq, &proving->flow, "staff_enrol",
                     first ? WORD_staff_bootstrap_title : WORD_staff_enrol_title, path_of(proving));

    page_flag(page, "is_first", first);
    page_text(page, "staff_name_typed", param_typed(rq, "staff_name"));
    page_text(page, "again_url", flow_url(rq, &proving->flow, SIGN_IN_PATH));
    return flow_answer(rq, &proving->flow, page, NULL);
}

/* ST-21 */
static const struct problem *
bootstrap_open(struct request *rq)
{
    bool open;
    enum err err = bootstrap_is_open(rq->ctx, &open);

    if (err != OK)
        return problem_of(err);
    return open ? NULL : &problem_not_found;
}

const struct problem *
endpoint_staff_enrol(struct request *rq)
{
    struct enrol_proving proving = { .is_first = false };
    const struct problem *problem = signing_open(rq, &proving.flow);

    return problem != NULL ? problem : show(rq, &proving);
}

const struct problem *
endpoint_staff_bootstrap(struct request *rq)
{
    struct enrol_proving proving = { .is_first = true };
    const struct problem *problem = bootstrap_open(rq);

    if (problem == NULL)
        problem = signing_open(rq, &proving.flow);
    return problem != NULL ? problem : show(rq, &proving);
}

/* --- The form --- */

static const struct problem *
told(struct request *rq, const struct enrol_proving *proving, const struct problem *problem)
{
    bool leads_on = problem == &problem_staff_password_change;
    const char *field = problem == &problem_staff_code_wrong ? "code" : NULL;

    return flow_show_again(rq, &proving->flow, leads_on ? PASSWORD_PATH : path_of(proving), field,
                           problem);
}

/* The flow learns by which code she may, and goes on where she sets the factor up. */
static const struct problem *
proven(struct request *rq, struct enrol_proving *proving, const struct stored_staff *staff,
       const struct digest *code)
{
    const struct problem *problem;

    proving->flow.tx.hint_sub = base64url_encode(rq->arena, digest_view(code));
    proving->flow.tx.asks_again = proving->is_first;
    problem = signing_keep(rq, &proving->flow, staff->staff_id);
    return problem != NULL ? problem : flow_go(rq, &proving->flow, ENROL_FACTOR_PATH);
}

static const struct problem *
prove_end(struct request *rq, void *state)
{
    struct enrol_proving *proving = state;
    struct stored_staff staff;
    struct digest code;
    const struct problem *problem = staff_sign_in_end(rq->ctx, &proving->sign_in, &staff);

    if (problem == NULL)
        problem = proving->is_first
                      ? bootstrap_check(rq->ctx, &staff, param_typed(rq, "code"), &code)
                      : staff_code_check(rq->ctx, &staff, param_typed(rq, "code"), &code);
    return problem != NULL ? told(rq, proving, problem) : proven(rq, proving, &staff, &code);
}

static const struct problem *
submit(struct request *rq, bool is_first)
{
    struct enrol_proving *proving = arena_alloc(rq->arena, sizeof(*proving));
    const struct problem *problem = signing_form_open(rq, &proving->flow);

    if (problem != NULL)
        return problem;
    proving->is_first = is_first;
    problem = staff_sign_in_begin(rq->ctx, param_typed(rq, "staff_name"),
                                  param_typed(rq, "password"), &proving->sign_in);
    if (problem != NULL)
        return told(rq, proving, problem);
    return request_ask(rq, &ask_staff_sign_in, &proving->sign_in, prove_end, proving);
}

const struct problem *
endpoint_staff_enrol_submit(struct request *rq)
{
    return submit(rq, false);
}

const struct problem *
endpoint_staff_bootstrap_submit(struct request *rq)
{
    const struct problem *problem = bootstrap_open(rq);

    return problem != NULL ? problem : submit(rq, true);
}
