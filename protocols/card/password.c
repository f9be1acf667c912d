/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /card/password: who is logged in sets the password of her card, by the one that she has, or by a proof of
 * a moment ago (docs/adr/0053).
 */
#include "idp/base/text.h"
#include "idp/card/card_password.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"

#define PATH "/card/password"

struct password_form {
    struct flow flow;
    const char *person_id;
    bool may_reset;
    unix_s set_at; /* of the present one; 0: there is none */
    struct card_password_asking present;
    struct card_password_setting setting;
};

static enum err
standing_load(struct request *rq, struct password_form *form)
{
    enum err err;

    form->person_id = rq->session->row.subject.id;
    err = card_password_set_at(rq->ctx, form->person_id, &form->set_at);
    return err == OK ? card_password_may_reset(rq->ctx, form->person_id, rq->session->row.level,
                                               &form->may_reset)
                     : err;
}

/* By this very form, or since it was shown. */
static bool
is_done(const struct password_form *form)
{
    return form->set_at != 0 && form->set_at >= form->flow.tx.created_at;
}

static const struct problem *
show(struct request *rq, struct password_form *form)
{
    struct flow *flow = &form->flow;
    struct page *page;
    enum err err = standing_load(rq, form);

    if (err == OK)
        err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "card_password", WORD_card_password_title, PATH);
    page_flag(page, "done", is_done(form));
    page_flag(page, "ask_old", form->set_at != 0 && !form->may_reset);
    page_flag(page, "may_set", form->set_at != 0 || form->may_reset);
    page_flag(page, "needs_proof", form->set_at == 0 && !form->may_reset);
    page_text(page, "pay_url", "/card/pay");
    page_text(page, "home_url", "/");
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_card_password(struct request *rq)
{
    struct password_form form;
    const struct problem *problem = own_page_open(rq, PURPOSE_CARD_PASSWORD, &form.flow);

    return problem != NULL ? problem : show(rq, &form);
}

static const struct problem *
show_again(struct request *rq, const struct password_form *form, const char *field,
           const struct problem *problem)
{
    return flow_show_again(rq, &form->flow, PATH, field, problem);
}

static const struct problem *
put(struct request *rq, void *state)
{
    struct password_form *form = state;
    const struct problem *problem = card_password_set_end(rq->ctx, &form->setting);

    return problem != NULL ? problem : flow_go(rq, &form->flow, PATH);
}

static const struct problem *
hash(struct request *rq, struct password_form *form)
{
    return request_ask(rq, &ask_card_password_set, &form->setting, put, form);
}

static const struct problem *
present_checked(struct request *rq, void *state)
{
    struct password_form *form = state;
    const struct problem *problem = card_password_ask_end(rq->ctx, &form->present);

    return problem != NULL ? show_again(rq, form, "card_password_old", problem) : hash(rq, form);
}

/* All that can be told without a hash. */
static void
form_read(struct request *rq, struct password_form *form, struct mistakes *wrong)
{
    const char *typed = param_typed(rq, "card_password");

    *wrong = (struct mistakes) { .count = 0 };
    mistake_add(
        wrong, "card_password",
        card_password_set_begin(rq->ctx, form->person_id, typed, form->may_reset, &form->setting));
    if (!text_eq(typed, param_typed(rq, "card_password_again")))
        mistake_add(wrong, "card_password_again", &problem_password_differs);
}

static const struct problem *
submit(struct request *rq, struct password_form *form)
{
    struct mistakes wrong;
    const struct problem *problem;

    form_read(rq, form, &wrong);
    if (wrong.count > 0)
        return flow_show_mistakes(rq, &form->flow, PATH, &wrong);
    if (form->may_reset)
        return hash(rq, form);
    if (form->set_at == 0)
        return show_again(rq, form, NULL, &problem_card_password_proof);
    problem = card_password_ask_begin(rq->ctx, form->person_id,
                                      param_typed(rq, "card_password_old"), &form->present);
    if (problem != NULL)
        return show_again(rq, form, "card_password_old", problem);
    return request_ask(rq, &ask_card_password, &form->present, present_checked, form);
}

const struct problem *
endpoint_card_password_submit(struct request *rq)
{
    struct password_form *form = arena_alloc(rq->arena, sizeof(*form));
    const struct problem *problem = flow_open_form(rq, &form->flow);
    enum err err;

    if (problem != NULL)
        return problem;
    if (!text_eq(form->flow.tx.purpose, PURPOSE_CARD_PASSWORD))
        return &problem_transaction_order;
    if (!rq->session->live)
        return flow_go(rq, &form->flow, "/login");
    if (!text_eq(form->flow.tx.shown_to, rq->session->row.subject.id))
        return show_again(rq, form, NULL, &problem_another_person);
    err = standing_load(rq, form);
    if (err != OK)
        return problem_of(err);
    return is_done(form) ? flow_go(rq, &form->flow, PATH) : submit(rq, form); /* pressed twice */
}
