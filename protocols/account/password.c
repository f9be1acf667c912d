/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /account/password: who is logged in chooses another password, by the one that she
 * has. */
#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "idp/person/vault.h"
#include "idp/session/login.h"
#include "idp/session/renewal.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"

#define PATH "/account/password"

/* Every time it is shown its form is a new one, for the person there is now. Once it has changed
 * the password it changes nothing more, and the page says that it is done. */
static const struct problem *
show(struct request *rq, struct flow *flow)
{
    const char *person_id = rq->session->row.subject.id;
    struct page *page;
    struct person person;
    enum err err = person_load(rq->ctx, person_id, &person);

    if (err == OK)
        err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "account_password", WORD_account_password_title, PATH);
    page_text(page, "phone", phone_national(person.phone));
    page_text(page, "phone_masked", phone_masked(rq->arena, person.phone));
    page_flag(page, "done", person.secured_at >= flow->tx.created_at);
    if (sms_is_configured(rq->ctx->services->sms)) /* who recovers is sent a code */
        page_text(page, "recover_url", "/recover");
    page_text(page, "home_url", "/");
    if (person.secured_at >= flow->tx.created_at)
        page_text(page, "leave_url", ""); /* home is where it leads to */
    return flow_answer(rq, flow, page, NULL);
}

/* A flow that a partner or another page of ours began has no business here. */
static bool
is_for_this(const struct flow *flow)
{
    return text_eq(flow->tx.purpose, PURPOSE_PASSWORD);
}

const struct problem *
endpoint_account_password(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_PASSWORD, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

struct changing {
    struct flow flow;
    const char *password; /* the new one */
    struct renewal renewal;
    struct password_login present;
    struct password_choice choice;
    struct password_login again; /* with the one that she has chosen already */
};

static const char *
text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static const struct problem *
show_again(struct request *rq, const struct changing *changing, const char *field,
           const struct problem *problem)
{
    return flow_show_again(rq, &changing->flow, PATH, field, problem);
}

/* Her session goes on under another secret. */
static const struct problem *
go_on(struct request *rq, struct changing *changing)
{
    const struct proof proof = { .person_id = changing->renewal.person_id,
                                 .amr = "pwd",
                                 .phone = changing->present.phone,
                                 .renewed = true };
    const struct problem *problem = flow_renew_session(rq, &changing->flow, &proof);

    return problem != NULL ? problem : flow_go(rq, &changing->flow, PATH);
}

static const struct problem *
repeat_end(struct request *rq, void *state)
{
    struct changing *changing = state;
    struct proof proof;
    const struct problem *problem = password_login_end(rq->ctx, &changing->again, &proof);

    if (problem == &problem_login_failed)
        return show_again(rq, changing, "password_old", &problem_password_old_wrong);
    if (problem == NULL)
        problem = renewal_repeat(rq->ctx, &changing->renewal);
    return problem != NULL ? problem : go_on(rq, changing);
}

/* Pressed twice: when it is the password that the first press set, everything is done. It counts as
 * a login, or the page would be a way to try passwords. */
static const struct problem *
repeat_begin(struct request *rq, struct changing *changing)
{
    const struct problem *problem = password_proof_begin(rq->ctx, changing->renewal.person_id,
                                                         changing->password, &changing->again);

    if (problem != NULL)
        return show_again(rq, changing, NULL, problem);
    return request_ask(rq, &ask_password_check, &changing->again.check, repeat_end, changing);
}

static const struct problem *
changed(struct request *rq, void *state)
{
    struct changing *changing = state;
    const struct problem *problem = renewal_end(rq->ctx, &changing->renewal, &changing->choice);

    if (problem == &problem_transaction_order)
        return repeat_begin(rq, changing);
    return problem != NULL ? problem : go_on(rq, changing);
}

static enum err
is_done(struct request *rq, const struct flow *flow, bool *out)
{
    unix_s secured_at = 0;
    enum err err = store_person_secured_at(rq->ctx->store, flow->tx.shown_to, &secured_at);

    *out = secured_at >= flow->tx.created_at;
    return err;
}

static const struct problem *
present_wrong(struct request *rq, struct changing *changing)
{
    bool done;
    enum err err = is_done(rq, &changing->flow, &done);

    if (err != OK)
        return problem_of(err);
    if (done)
        return repeat_begin(rq, changing);
    return show_again(rq, changing, "password_old", &problem_password_old_wrong);
}

/* A wrong password is one try more of those that a login has. */
static const struct problem *
present_checked(struct request *rq, void *state)
{
    struct changing *changing = state;
    struct proof proof;
    const struct problem *problem = password_login_end(rq->ctx, &changing->present, &proof);

    if (problem == &problem_login_failed)
        return present_wrong(rq, changing);
    if (problem != NULL)
        return show_again(rq, changing, NULL, problem);
    return request_ask(rq, &ask_password_choice, &changing->choice, changed, changing);
}

/* All that can be told without a hash. */
static void
form_read(struct request *rq, struct changing *changing, struct mistakes *wrong)
{
    const char *password = text_or_empty(param_typed(rq, "password"));

    *wrong = (struct mistakes) { .count = 0 };
    changing->password = password;
    if (text_is_empty(param_typed(rq, "password_old")))
        mistake_add(wrong, "password_old", &problem_password_missing);
    mistake_add(wrong, "password",
                password_renewal_begin(rq->ctx, changing->renewal.person_id, NULL,
                                       changing->password, &changing->choice));
    if (!text_eq(password, param_typed(rq, "password_again")))
        mistake_add(wrong, "password_again", &problem_password_differs);
}

static const struct problem *
submit(struct request *rq, struct changing *changing)
{
    struct mistakes wrong;
    const struct problem *problem;

    form_read(rq, changing, &wrong);
    if (wrong.count > 0)
        return flow_show_mistakes(rq, &changing->flow, PATH, &wrong);
    problem = password_proof_begin(rq->ctx, changing->renewal.person_id,
                                   param_typed(rq, "password_old"), &changing->present);
    if (problem != NULL)
        return show_again(rq, changing, NULL, problem);
    return request_ask(rq, &ask_password_check, &changing->present.check, present_checked,
                       changing);
}

/* The first press has given her session another secret, which the second one does not have yet. */
static const struct problem *
submit_without_session(struct request *rq, struct changing *changing)
{
    bool done;
    enum err err = is_done(rq, &changing->flow, &done);

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    if (err == ERR_NOT_FOUND || !done)
        return flow_go(rq, &changing->flow, "/login");
    changing->password = text_or_empty(param_typed(rq, "password"));
    return repeat_begin(rq, changing);
}

const struct problem *
endpoint_account_password_submit(struct request *rq)
{
    struct changing *changing = arena_alloc(rq->arena, sizeof(*changing));
    const struct problem *problem = flow_open_form(rq, &changing->flow);

    if (problem != NULL)
        return problem;
    if (!is_for_this(&changing->flow))
        return &problem_transaction_order;
    changing->renewal = (struct renewal) { .person_id = changing->flow.tx.shown_to,
                                           .reason = "changed",
                                           .begun_at = changing->flow.tx.created_at,
                                           .but = text_or_empty(rq->session->row.sid) };
    if (!rq->session->live)
        return submit_without_session(rq, changing);
    if (!text_eq(changing->flow.tx.shown_to, rq->session->row.subject.id))
        return show_again(rq, changing, NULL, &problem_another_person);
    return submit(rq, changing);
}
