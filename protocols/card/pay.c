/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /card/pay: a bank card of hers is checked, as at the registration: then her electronic card can pay, and
 * for a quarter of an hour its password may be set anew (docs/adr/0053).
 */
#include "idp/base/text.h"
#include "idp/card/card_password.h"
#include "idp/card/life.h"
#include "idp/person/bank_proof.h"
#include "idp/person/phone_code.h"
#include "idp/person/vault.h"
#include "idp/session/recovery.h"
#include "policies/bank_card.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"

#define PATH "/card/pay"

struct pay_form {
    struct flow flow;
    struct person person;
    struct applicant applicant; /* she, with the card and number that she typed */
    struct code_sending code;
    struct bank_asking bank;
};

/* --- The page --- */

static bool
concerns_the_code(const struct problem *problem)
{
    return problem == &problem_bank_code_needed || problem == &problem_sms_code_wrong ||
           problem == &problem_sms_code_malformed || problem == &problem_sms_code_dead;
}

static void
typed_show(struct request *rq, struct flow *flow, struct page *page, const struct person *person)
{
    const char *card_no = param_typed(rq, "bank_card");
    const char *phone = param_typed(rq, "bank_phone");
    bool asks = flow->mistakes.count == 1 && concerns_the_code(flow->mistakes.at[0].problem);

    page_text(page, "bank_card", bank_card_grouped(rq->arena, card_no != NULL ? card_no : ""));
    page_text(page, "bank_phone", phone != NULL ? phone : phone_national(person->phone));
    page_flag(page, "ask_bank_code", asks || param_typed(rq, "bank_code") != NULL);
    if (mistake_is_told(&flow->mistakes, &problem_bank_code_needed)) {
        page_word(page, "notice", WORD_bank_code_sent); /* a further step, no mistake */
        flow->mistakes.count = 0;
    }
}

static enum err
standing_show(struct request *rq, struct flow *flow, struct page *page)
{
    struct card card;
    bool fresh = false;
    enum err err = card_password_may_reset(rq->ctx, flow->tx.shown_to, 0, &fresh);

    if (err == OK)
        err = card_find(rq->ctx, flow->tx.shown_to, &card);
    if (err != OK)
        return err;
    page_flag(page, "active", card.row.own_state == ECARD_L2);
    page_flag(page, "checked", fresh);
    page_flag(page, "asks", !fresh || card.row.own_state != ECARD_L2);
    if (fresh && card.row.own_state == ECARD_L2)
        flow->mistakes.count = 0; /* of a form that is not there any more: all is done */
    return OK;
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    struct person person;
    struct page *page;
    enum err err = person_load(rq->ctx, rq->session->row.subject.id, &person);

    if (err == OK)
        err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "card_pay", WORD_card_pay_title, PATH);
    err = standing_show(rq, flow, page);
    if (err != OK)
        return err == ERR_NOT_FOUND ? &problem_ecard_none : problem_of(err);
    typed_show(rq, flow, page, &person);
    page_text(page, "password_url", "/card/password");
    page_text(page, "home_url", "/");
    page_text(page, "leave_url", ""); /* home is where it leads to */
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_card_pay(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_CARD_PAY, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

/* --- The form --- */

static const struct problem *
show_again(struct request *rq, const struct pay_form *form, const char *field,
           const struct problem *problem)
{
    return flow_show_again(rq, &form->flow, PATH, field, problem);
}

static const struct problem *
bank_answered(struct request *rq, void *state)
{
    struct pay_form *form = state;
    const char *order_id;
    const char *person_id;
    struct card card;
    const struct problem *problem = bank_proof_end(rq->ctx, &form->bank, &order_id);

    if (problem == NULL)
        problem = recovery_find(rq->ctx, &form->applicant, order_id, &person_id);
    if (problem == NULL)
        problem = card_activate(rq->ctx, form->person.person_id, &card);
    /* The check stands whether or not the card can be used: its password may be set now. */
    if (problem != NULL && problem != &problem_ecard_not_active)
        return show_again(rq, form, NULL, problem);
    return flow_go(rq, &form->flow, PATH);
}

static const struct problem *
bank_ask(struct request *rq, struct pay_form *form)
{
    const struct problem *problem = recovery_begin(rq->ctx, &form->applicant, &form->bank);

    if (problem != NULL)
        return show_again(rq, form, NULL, problem);
    if (form->bank.answered)
        return bank_answered(rq, form);
    return request_ask(rq, &ask_bank, &form->bank, bank_answered, form);
}

static const struct problem *
show_bank_phone(struct request *rq, const struct pay_form *form, const struct problem *problem)
{
    return show_again(rq, form, concerns_the_code(problem) ? "bank_code" : "bank_phone", problem);
}

static const struct problem *
code_sent(struct request *rq, void *state)
{
    struct pay_form *form = state;
    const struct problem *problem = phone_code_end(rq->ctx, &form->code);

    return show_bank_phone(rq, form, problem != NULL ? problem : &problem_bank_code_needed);
}

/* Pressed twice: the code that this page sent is what is asked for. */
static const struct problem *
code_sent_before(struct request *rq, const struct pay_form *form, const struct phone_code *code)
{
    bool is_out = false;
    enum err err = phone_code_is_out(rq->ctx, code, &is_out);

    if (err != OK)
        return problem_of(err);
    return show_bank_phone(rq, form, is_out ? &problem_bank_code_needed : &problem_sms_too_soon);
}

/* The number kept at the bank must be in her hand now, also when it is the one of her account. */
static const struct problem *
phone_prove(struct request *rq, struct pay_form *form)
{
    const struct phone_code code = { form->flow.tx.id, "bank", form->applicant.bank_phone };
    const struct problem *problem;

    if (text_eq(form->applicant.bank_phone, form->flow.tx.bank_phone))
        return bank_ask(rq, form);
    if (text_is_empty(param(rq, "bank_code"))) {
        problem = phone_code_begin(rq->ctx, &code, &form->code);
        if (problem == &problem_sms_too_soon)
            return code_sent_before(rq, form, &code);
        if (problem != NULL)
            return show_bank_phone(rq, form, problem);
        return request_ask(rq, &ask_phone_code, &form->code, code_sent, form);
    }
    problem = phone_code_check(rq->ctx, &code, param(rq, "bank_code"), NULL);
    if (problem != NULL)
        return show_bank_phone(rq, form, problem);
    form->flow.tx.bank_phone = code.phone; /* the bank may have to be asked again */
    problem = flow_reseal(rq, &form->flow);
    return problem != NULL ? problem : bank_ask(rq, form);
}

static const char *
typed(struct request *rq, const char *name)
{
    const char *value = param_typed(rq, name);

    return value != NULL ? value : "";
}

static const struct problem *
submit(struct request *rq, struct pay_form *form)
{
    struct applicant *applicant = &form->applicant;
    struct mistakes wrong = { .count = 0 };
    struct card card;
    enum err err = person_load(rq->ctx, form->flow.tx.shown_to, &form->person);
    const struct problem *problem;

    if (err == OK)
        err = card_find(rq->ctx, form->flow.tx.shown_to, &card);
    if (err != OK)
        return err == ERR_NOT_FOUND ? &problem_ecard_none : problem_of(err);
    *applicant = (struct applicant) { .person_id = form->person.person_id,
                                      .phone = form->person.phone,
                                      .name = form->person.name };
    problem = applicant_identity(rq->ctx, form->person.identity_number, applicant);
    if (problem != NULL)
        return problem;
    mistake_add(&wrong, "bank_card",
                bank_card_check(rq->arena, typed(rq, "bank_card"), &applicant->card_no));
    mistake_add(&wrong, "bank_phone",
                phone_check(rq->arena, typed(rq, "bank_phone"), &applicant->bank_phone));
    if (wrong.count > 0)
        return flow_show_mistakes(rq, &form->flow, PATH, &wrong);
    return phone_prove(rq, form);
}

const struct problem *
endpoint_card_pay_submit(struct request *rq)
{
    struct pay_form *form = arena_alloc(rq->arena, sizeof(*form));
    const struct problem *problem = flow_open_form(rq, &form->flow);

    if (problem != NULL)
        return problem;
    if (!text_eq(form->flow.tx.purpose, PURPOSE_CARD_PAY))
        return &problem_transaction_order;
    if (!rq->session->live)
        return flow_go(rq, &form->flow, "/login");
    if (!text_eq(form->flow.tx.shown_to, rq->session->row.subject.id))
        return show_again(rq, form, NULL, &problem_another_person);
    return submit(rq, form);
}
