/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /recover/password: the last step, which gives the account its new password and
 * number, ends all that stood on the old ones, and logs her in. */
#include "idp/base/text.h"
#include "idp/person/phone_holder.h"
#include "idp/person/vault.h"
#include "idp/session/login.h"
#include "idp/session/renewal.h"
#include "policies/phone.h"
#include "protocols/account/identity_step.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"

#define PATH "/recover/password"

static bool
is_ticked(struct request *rq)
{
    return !text_is_empty(param_typed(rq, "take_over"));
}

/* Her number, what becomes of it, and who else has the new one. */
static enum err
number_add(struct request *rq, const struct flow *flow, struct page *page)
{
    const struct transaction *tx = &flow->tx;
    struct phone_holder holder;
    struct person person;
    enum err err = person_load(rq->ctx, tx->person_id, &person);

    if (err == OK)
        err = phone_holder_find(rq->ctx, tx->person_id, tx->phone, &holder);
    if (err != OK)
        return err;
    page_text(page, "phone_before", phone_masked(rq->arena, person.phone));
    page_text(page, "phone_masked", phone_masked(rq->arena, tx->phone));
    page_text(page, "phone", phone_national(tx->phone));
    page_flag(page, "moves", !text_eq(person.phone, tx->phone));
    page_flag(page, "ask_take_over", holder.person_id != NULL);
    page_flag(page, "take_over", is_ticked(rq));
    return OK;
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "recover_password", WORD_recover_password_title, PATH);
    enum err err = number_add(rq, flow, page);

    identity_step_announce(rq, flow, page);
    return err != OK ? problem_of(err) : flow_answer(rq, flow, page, NULL);
}

/* NULL: it holds. One that is too old begins anew, with a code to her number. */
static const struct problem *
proof_check(struct request *rq, const struct flow *flow)
{
    const struct problem *problem;

    if (!transaction_has_come_to(&flow->tx, RECOVERY_PROVEN))
        return &problem_transaction_order;
    if (identity_step_is_fresh(rq, flow))
        return NULL;
    problem = flow_show_again(rq, flow, "/recover", NULL, &problem_phone_proof_old);
    return problem != NULL ? problem : &problem_answered;
}

const struct problem *
endpoint_recover_password(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    problem = proof_check(rq, &flow);
    return problem != NULL ? problem : show(rq, &flow);
}

struct recovering {
    struct flow flow;
    struct renewal renewal;
    struct password_choice choice;
    struct password_login login; /* with the one that she has chosen already */
};

/* She has proven the phone in this flow; a second factor is asked for where one is wanted. */
static const struct problem *
log_in(struct request *rq, struct flow *flow)
{
    return flow_log_in(rq, flow,
                       &(struct proof) { .person_id = flow->tx.person_id,
                                         .way = LOGIN_BY_SMS,
                                         .amr = "sms",
                                         .phone = flow->tx.phone,
                                         .renewed = true });
}

static const struct problem *
repeat_end(struct request *rq, void *state)
{
    struct recovering *recovering = state;
    struct proof proof;
    const struct problem *problem = password_login_end(rq->ctx, &recovering->login, &proof);

    if (problem == &problem_login_failed)
        return renewal_late(rq->ctx, &recovering->renewal);
    if (problem == NULL)
        problem = renewal_repeat(rq->ctx, &recovering->renewal);
    return problem != NULL ? problem : log_in(rq, &recovering->flow);
}

/* Pressed twice: when it is the password that the first press set, everything is done. It counts as
 * a login, or the page would be a way to try passwords. */
static const struct problem *
repeat_begin(struct request *rq, struct recovering *recovering)
{
    const struct problem *problem = password_proof_begin(
        rq->ctx, recovering->renewal.person_id, recovering->choice.password, &recovering->login);

    if (problem != NULL)
        return problem;
    return request_ask(rq, &ask_password_check, &recovering->login.check, repeat_end, recovering);
}

static const struct problem *
show_again(struct request *rq, const struct recovering *recovering, const char *field,
           const struct problem *problem)
{
    return flow_show_again(rq, &recovering->flow, PATH, field, problem);
}

static const struct problem *
recovered(struct request *rq, void *state)
{
    struct recovering *recovering = state;
    const struct problem *problem = renewal_end(rq->ctx, &recovering->renewal, &recovering->choice);

    if (problem == &problem_transaction_order)
        return repeat_begin(rq, recovering);
    if (problem == &problem_phone_take_over || problem == &problem_phone_anothers)
        return show_again(rq, recovering, "take_over", problem);
    return problem != NULL ? problem : log_in(rq, &recovering->flow);
}

static struct renewal
renewal_of(struct request *rq, const struct flow *flow)
{
    return (struct renewal) {
        .person_id = flow->tx.person_id,
        .reason = "recovered",
        .phone = flow->tx.phone,
        .takes_over = is_ticked(rq),
        .begun_at = flow->tx.created_at,
        .but = "",
    };
}

const struct problem *
endpoint_recover_password_submit(struct request *rq)
{
    struct recovering *recovering = arena_alloc(rq->arena, sizeof(*recovering));
    struct flow *flow = &recovering->flow;
    const char *password = param_typed(rq, "password");
    const struct problem *problem = flow_open_form(rq, flow);

    if (problem != NULL)
        return problem;
    problem = proof_check(rq, flow);
    if (problem != NULL)
        return problem;
    recovering->renewal = renewal_of(rq, flow);
    if (!text_eq(password, param_typed(rq, "password_again")))
        return show_again(rq, recovering, "password_again", &problem_password_differs);
    problem = password_renewal_begin(rq->ctx, flow->tx.person_id, flow->tx.phone,
                                     password != NULL ? password : "", &recovering->choice);
    if (problem != NULL)
        return show_again(rq, recovering, "password", problem);
    return request_ask(rq, &ask_password_choice, &recovering->choice, recovered, recovering);
}
