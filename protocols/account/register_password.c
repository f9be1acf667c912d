/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register/password: the last step, which registers the person and logs her in. */
#include "idp/base/text.h"
#include "idp/person/credentials.h"
#include "idp/person/evidence.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/pages/standing.h"

static const struct problem *
show(struct request *rq, const struct flow *flow, const char *field, const struct problem *problem)
{
    struct page *page = flow_page(rq, flow, "register_password", WORD_register_password_title,
                                  "/register/password");
    struct standing standing;
    enum err err = evidence_standing(rq->ctx, flow->tx.person_id, &standing);

    if (err != OK)
        return problem_of(err);
    page_standing(page, rq->arena, &standing);
    page_text(page, "phone_masked", phone_masked(rq->arena, flow->tx.phone));
    page_field_problem(page, field, problem);
    return page_answer(rq, problem != NULL ? problem->status : 200, page);
}

const struct problem *
endpoint_register_password(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return flow.tx.enrolment < ENROLMENT_REGISTERED ? &problem_transaction_order
                                                    : show(rq, &flow, NULL, NULL);
}

struct password_chosen {
    struct flow flow;
    struct password_choice choice;
};

static const struct problem *
refuse(struct request *rq, const struct flow *flow, const struct problem *problem)
{
    return problem == &problem_transaction_order ? problem : show(rq, flow, "password", problem);
}

/* The person proved the phone in this flow a moment ago; the session stands on that proof. */
static const struct problem *
choosing_end(struct request *rq, void *state)
{
    struct password_chosen *choosing = state;
    struct flow *flow = &choosing->flow;
    const struct problem *problem = password_choice_end(rq->ctx, &choosing->choice);
    const struct proof proof = { .person_id = flow->tx.person_id,
                                 .amr = "sms",
                                 .phone = flow->tx.phone };

    return problem != NULL ? refuse(rq, flow, problem) : flow_log_in(rq, flow, &proof);
}

const struct problem *
endpoint_register_password_submit(struct request *rq)
{
    struct password_chosen *choosing = arena_alloc(rq->arena, sizeof(*choosing));
    struct flow *flow = &choosing->flow;
    const char *password = param_typed(rq, "password");
    const struct problem *problem = flow_open_form(rq, flow);

    if (problem != NULL)
        return problem;
    if (flow->tx.enrolment < ENROLMENT_REGISTERED)
        return &problem_transaction_order;
    if (!text_eq(password, param_typed(rq, "password_again")))
        return show(rq, flow, "password_again", &problem_password_differs);
    problem = password_choice_begin(rq->ctx, flow->tx.person_id, password != NULL ? password : "",
                                    &choosing->choice);
    if (problem != NULL)
        return refuse(rq, flow, problem);
    return request_ask(rq, &ask_password_choice, &choosing->choice, choosing_end, choosing);
}
