/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /register/password: the first password, the last step of a registration, and of a
 * login by message as long as she has none; it logs her in. */
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/person/credentials.h"
#include "idp/person/evidence.h"
#include "idp/session/login.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/pages/standing.h"

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "register_password", WORD_register_password_title,
                                  "/register/password");
    struct standing standing;
    enum err err = evidence_standing(rq->ctx, flow->tx.person_id, &standing);

    if (err != OK)
        return problem_of(err);
    page_standing(page, rq->arena, &standing);
    page_text(page, "phone_masked", phone_masked(rq->arena, flow->tx.phone));
    page_text(page, "phone", phone_national(flow->tx.phone)); /* for password managers */
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_register_password(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return transaction_has_come_to(&flow.tx, ENROLMENT_REGISTERED) ? show(rq, &flow)
                                                                   : &problem_transaction_order;
}

struct password_chosen {
    struct flow flow;
    struct password_choice choice;
    struct password_login login; /* with the one that she has chosen already */
};

/* The person proved the phone in this flow a moment ago; the session stands on that proof. */
static const struct problem *
log_in(struct request *rq, struct flow *flow)
{
    return flow_log_in(rq, flow,
                       &(struct proof) { .way = LOGIN_BY_SMS,
                                         .person_id = flow->tx.person_id,
                                         .amr = "sms",
                                         .phone = flow->tx.phone });
}

static const struct problem *
checking_end(struct request *rq, void *state)
{
    struct password_chosen *choosing = state;
    struct proof proof;
    const struct problem *problem = password_login_end(rq->ctx, &choosing->login, &proof);

    if (problem == &problem_login_failed)
        return &problem_transaction_order;
    return problem != NULL ? problem : log_in(rq, &choosing->flow);
}

/* Pressed twice: when it is the password that the first press set, everything is done. It counts as
 * a login, or the page would be a way to try passwords. */
static const struct problem *
check_begin(struct request *rq, struct password_chosen *choosing)
{
    const struct problem *problem = password_proof_begin(
        rq->ctx, choosing->flow.tx.person_id, choosing->choice.password, &choosing->login);

    if (problem != NULL)
        return problem;
    return request_ask(rq, &ask_password_check, &choosing->login.check, checking_end, choosing);
}

static const struct problem *
refuse(struct request *rq, struct password_chosen *choosing, const struct problem *problem)
{
    if (problem == &problem_transaction_order)
        return check_begin(rq, choosing);
    return flow_show_again(rq, &choosing->flow, "/register/password", "password", problem);
}

static const struct problem *
choosing_end(struct request *rq, void *state)
{
    struct password_chosen *choosing = state;
    const struct problem *problem = password_choice_end(rq->ctx, &choosing->choice);

    if (problem != NULL)
        return refuse(rq, choosing, problem);
    metric_add(METRIC_REGISTRATION_PASSWORD, 1);
    return log_in(rq, &choosing->flow);
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
    if (!transaction_has_come_to(&flow->tx, ENROLMENT_REGISTERED))
        return &problem_transaction_order;
    if (!text_is_empty(param(rq, "skip"))) /* she logs in by message as long as she has none */
        return log_in(rq, flow);
    if (!text_eq(password, param_typed(rq, "password_again")))
        return flow_show_again(rq, flow, "/register/password", "password_again",
                               &problem_password_differs);
    problem = password_choice_begin(rq->ctx, flow->tx.person_id, password != NULL ? password : "",
                                    &choosing->choice);
    if (problem != NULL)
        return refuse(rq, choosing, problem);
    return request_ask(rq, &ask_password_choice, &choosing->choice, choosing_end, choosing);
}
