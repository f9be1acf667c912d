/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/account/identity_step.h"

#include "idp/base/text.h"
#include "idp/person/phone_code.h"
#include "policies/bank_card.h"
#include "policies/name.h"
#include "policies/phone.h"

/* OWASP ASVS and docs/attacks.md, AU-19: no reset is good for longer. */
#define PROVEN_S 900

/* False for the problems that say that no code is on its way. */
static bool
concerns_the_code(const struct problem *problem)
{
    return problem == &problem_bank_code_needed || problem == &problem_sms_code_wrong ||
           problem == &problem_sms_code_malformed || problem == &problem_sms_code_dead;
}

static bool
asks_for_the_code(const struct flow *flow)
{
    return flow->mistakes.count == 1 && concerns_the_code(flow->mistakes.at[0].problem);
}

static const char *
typed(struct request *rq, const char *name)
{
    const char *value = param_typed(rq, name);

    return value != NULL ? value : "";
}

/* The bank's no has cost one of the day's checks. */
static bool
cost_a_check(const struct mistakes *mistakes)
{
    return mistake_is_told(mistakes, &problem_bank_mismatch) ||
           mistake_is_told(mistakes, &problem_bank_card_unusable) ||
           mistake_is_told(mistakes, &problem_bank_refused);
}

static const struct problem *
tries_left_add(struct request *rq, const struct flow *flow, struct page *page)
{
    struct bank_question question;
    struct identity_number identity;
    int64_t left;
    enum err err;

    if (!cost_a_check(&flow->mistakes) ||
        identity_number_check(typed(rq, "identity_number"), time_beijing_date(rq->ctx->now),
                              &identity) != NULL ||
        bank_card_check(rq->arena, typed(rq, "bank_card"), &question.card_no) != NULL)
        return NULL;
    question.identity_number = identity.text;
    err = bank_checks_left(rq->ctx, &question, &left);
    if (err == OK)
        page_text(page, "checks_left", arena_printf(rq->arena, "%lld", (long long)left));
    return problem_of(err);
}

/* With all that was typed, and with the field for the code sent to the bank's number when there is
 * one. */
static const struct problem *
show(struct request *rq, const struct identity_step *step, struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "identity", step->title, step->path);
    const char *bank_phone = param_typed(rq, "bank_phone");
    const struct problem *problem = tries_left_add(rq, flow, page);

    if (problem != NULL)
        return problem;
    page_flag(page, step->purpose, true);
    page_text(page, "form_id", step->form);
    page_text(page, "name", param_typed(rq, "name"));
    page_text(page, "identity_number", param_typed(rq, "identity_number"));
    page_text(page, "bank_card", bank_card_grouped(rq->arena, typed(rq, "bank_card")));
    page_text(page, "bank_phone", bank_phone != NULL ? bank_phone : phone_national(flow->tx.phone));
    page_flag(page, "ask_bank_code",
              asks_for_the_code(flow) || param_typed(rq, "bank_code") != NULL);
    step->fill(rq, flow, page);
    if (mistake_is_told(&flow->mistakes, &problem_bank_code_needed)) {
        page_word(page, "notice", WORD_bank_code_sent); /* a further step, no mistake */
        flow->mistakes.count = 0;
    }
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
identity_step_show(struct request *rq, const struct identity_step *step)
{
    struct flow flow;
    const struct problem *problem = flow_open(rq, &flow);

    if (problem != NULL)
        return problem;
    return transaction_has_come_to(&flow.tx, step->from) ? show(rq, step, &flow)
                                                         : &problem_transaction_order;
}

/* Every field in the order of the page, and all that is wrong with them. */
static void
applicant_read(struct request *rq, const struct flow *flow, struct applicant *out,
               struct mistakes *wrong)
{
    *out = (struct applicant) { .person_id = flow->tx.person_id, .phone = flow->tx.phone };
    *wrong = (struct mistakes) { .count = 0 };
    mistake_add(wrong, "name", name_check(rq->arena, typed(rq, "name"), &out->name));
    mistake_add(wrong, "identity_number",
                applicant_identity(rq->ctx, typed(rq, "identity_number"), out));
    mistake_add(wrong, "bank_card",
                bank_card_check(rq->arena, typed(rq, "bank_card"), &out->card_no));
    mistake_add(wrong, "bank_phone",
                phone_check(rq->arena, typed(rq, "bank_phone"), &out->bank_phone));
}

const struct problem *
identity_step_refuse(struct request *rq, const struct identity_step *step, const struct flow *flow,
                     const struct problem *problem)
{
    return flow_show_again(rq, flow, step->path, NULL, problem);
}

struct identity_submission {
    const struct identity_step *step;
    struct flow flow;
    struct applicant applicant;
    struct code_sending code;
    struct bank_asking bank;
};

static const struct problem *
show_bank_phone(struct request *rq, const struct identity_submission *submission,
                const struct problem *problem)
{
    const char *field = concerns_the_code(problem) ? "bank_code" : "bank_phone";

    return flow_show_again(rq, &submission->flow, submission->step->path, field, problem);
}

/* Pressed twice, or once more after Back: the code that this page sent is what is asked for. */
static const struct problem *
show_bank_code_sent(struct request *rq, const struct identity_submission *submission,
                    const struct phone_code *code)
{
    bool is_out = false;
    enum err err = phone_code_is_out(rq->ctx, code, &is_out);

    if (err != OK)
        return problem_of(err);
    return show_bank_phone(rq, submission,
                           is_out ? &problem_bank_code_needed : &problem_sms_too_soon);
}

static const struct problem *
bank_answered(struct request *rq, void *state)
{
    struct identity_submission *submission = state;

    return submission->step->end(rq, &submission->flow, &submission->applicant, &submission->bank);
}

static const struct problem *
bank_ask(struct request *rq, struct identity_submission *submission)
{
    const struct problem *problem =
        submission->step->begin(rq->ctx, &submission->applicant, &submission->bank);

    if (problem != NULL)
        return identity_step_refuse(rq, submission->step, &submission->flow, problem);
    if (submission->bank.answered)
        return bank_answered(rq, submission);
    return request_ask(rq, &ask_bank, &submission->bank, bank_answered, submission);
}

static const struct problem *
bank_code_sent(struct request *rq, void *state)
{
    struct identity_submission *submission = state;
    const struct problem *problem = phone_code_end(rq->ctx, &submission->code);

    return show_bank_phone(rq, submission, problem != NULL ? problem : &problem_bank_code_needed);
}

static bool
bank_phone_is_proven(const struct identity_submission *submission)
{
    const struct applicant *applicant = &submission->applicant;

    return text_eq(applicant->bank_phone, applicant->phone) ||
           text_eq(applicant->bank_phone, submission->flow.tx.bank_phone);
}

/*
 * The number kept at the bank must be hers too: else a stolen card's data would be enough to become
 * somebody else. When it is the number proven before there is nothing to do.
 */
static const struct problem *
bank_phone_prove(struct request *rq, struct identity_submission *submission)
{
    struct flow *flow = &submission->flow;
    const struct phone_code code = { flow->tx.id, "bank", submission->applicant.bank_phone };
    const struct problem *problem;

    if (text_is_empty(param(rq, "bank_code"))) {
        problem = phone_code_begin(rq->ctx, &code, &submission->code);
        if (problem == &problem_sms_too_soon)
            return show_bank_code_sent(rq, submission, &code);
        if (problem != NULL)
            return show_bank_phone(rq, submission, problem);
        return request_ask(rq, &ask_phone_code, &submission->code, bank_code_sent, submission);
    }
    problem = phone_code_check(rq->ctx, &code, param(rq, "bank_code"), NULL);
    if (problem != NULL)
        return show_bank_phone(rq, submission, problem);
    flow->tx.bank_phone = code.phone; /* the code is spent: the bank may have to be asked again */
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : bank_ask(rq, submission);
}

const struct problem *
identity_step_submit(struct request *rq, const struct identity_step *step)
{
    struct identity_submission *submission = arena_alloc(rq->arena, sizeof(*submission));
    struct flow *flow = &submission->flow;
    struct mistakes wrong;
    const struct problem *problem = flow_open_form(rq, flow);

    submission->step = step;
    if (problem != NULL)
        return problem;
    if (!transaction_has_come_to(&flow->tx, step->from))
        return &problem_transaction_order;
    applicant_read(rq, flow, &submission->applicant, &wrong);
    if (wrong.count > 0)
        return flow_show_mistakes(rq, flow, step->path, &wrong);
    if (!bank_phone_is_proven(submission))
        return bank_phone_prove(rq, submission);
    return bank_ask(rq, submission);
}

void
identity_step_proven(const struct request *rq, struct flow *flow)
{
    flow->tx.enrolment = RECOVERY_PROVEN;
    flow->tx.known_at = rq->now;
}

bool
identity_step_is_fresh(const struct request *rq, const struct flow *flow)
{
    return rq->now - flow->tx.known_at <= PROVEN_S;
}

void
identity_step_announce(struct request *rq, const struct flow *flow, struct page *page)
{
    unix_s proof_end = flow->tx.known_at + PROVEN_S;
    unix_s end = transaction_end(rq->ctx, &flow->tx);

    page_text(page, "until", time_beijing_clock(rq->arena, proof_end < end ? proof_end : end));
    page_flag(page, "may_extend", false);
}
