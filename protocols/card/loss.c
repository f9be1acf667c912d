/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /card/loss: who is logged in reports her card lost, or lifts a provisional report by the card's password
 * (docs/adr/0053).
 */
#include "idp/card/loss.h"

#include "idp/base/text.h"
#include "idp/card/card_password.h"
#include "policies/loss_days.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/respond.h"

#define PATH "/card/loss"
#define RELEASE_LEVEL 2 /* of the login; and the card's password */

/* --- The page --- */

static void
loss_show(struct request *rq, struct page *page, const struct card *card)
{
    enum card_loss loss = card_loss_at(&card->row, rq->now);

    page_flag(page, "formal", loss == CARD_LOSS_FORMAL);
    page_flag(page, "stopped", loss == CARD_NOT_LOST && card->state != CARD_ACTIVE);
    if (loss == CARD_LOSS_PROVISIONAL) {
        page_text(page, "lapses", time_beijing_minute(rq->arena, card->row.loss_lapses_at));
        page_flag(page, "may_release", rq->session->row.level >= RELEASE_LEVEL);
        page_flag(page, "needs_level", rq->session->row.level < RELEASE_LEVEL);
    }
    if (loss == CARD_NOT_LOST)
        page_text(page, "days",
                  arena_printf(
                      rq->arena, "%lld",
                      (long long)loss_days(rq->ctx->settings->card.loss_days, card->row.region)));
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    const char *person_id = rq->session->row.subject.id;
    struct page *page;
    struct card card;
    enum err err = card_find(rq->ctx, person_id, &card);

    if (err == ERR_NOT_FOUND)
        return &problem_ecard_none;
    if (err == OK)
        err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "card_loss", WORD_card_loss_title, PATH);
    loss_show(rq, page, &card);
    page_text(page, "home_url", "/");
    page_text(page, "password_url", "/card/password");
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_card_loss(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_CARD_LOSS, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

/* --- The forms --- */

struct releasing_form {
    struct flow flow;
    struct card_password_asking asking;
};

static const struct problem *
report(struct request *rq, const struct flow *flow)
{
    struct card card;
    const struct problem *problem = card_lose(
        rq->ctx, &(struct loss_report) { flow->tx.shown_to, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE },
        &card);

    return problem != NULL ? problem : flow_go(rq, flow, PATH);
}

static const struct problem *
show_again(struct request *rq, const struct releasing_form *form, const struct problem *problem)
{
    return flow_show_again(rq, &form->flow, PATH, "card_password", problem);
}

static const struct problem *
password_checked(struct request *rq, void *state)
{
    struct releasing_form *form = state;
    struct card card;
    const struct problem *problem = card_password_ask_end(rq->ctx, &form->asking);

    if (problem != NULL)
        return show_again(rq, form, problem);
    problem = card_release(rq->ctx, form->flow.tx.shown_to, LOSS_ON_PAGE, &card);
    if (problem != NULL)
        return flow_show_again(rq, &form->flow, PATH, NULL, problem);
    return flow_go(rq, &form->flow, PATH);
}

/* Pressed twice: it is not lost any more, and no try is counted. */
static enum err
is_lost(struct request *rq, const char *person_id, bool *out)
{
    struct card card;
    enum err err = card_find(rq->ctx, person_id, &card);

    *out = err == OK && card_loss_at(&card.row, rq->now) != CARD_NOT_LOST;
    return err == ERR_NOT_FOUND ? OK : err;
}

static const struct problem *
release(struct request *rq, struct releasing_form *form)
{
    const char *typed = param_typed(rq, "card_password");
    const struct problem *problem;
    bool lost = false;
    enum err err = is_lost(rq, form->flow.tx.shown_to, &lost);

    if (err != OK)
        return problem_of(err);
    if (!lost)
        return flow_go(rq, &form->flow, PATH);
    if (rq->session->row.level < RELEASE_LEVEL)
        return own_page_log_in_again(rq, &form->flow);
    problem = card_password_ask_begin(rq->ctx, form->flow.tx.shown_to, typed, &form->asking);
    if (problem != NULL)
        return show_again(rq, form, problem);
    return request_ask(rq, &ask_card_password, &form->asking, password_checked, form);
}

const struct problem *
endpoint_card_loss_submit(struct request *rq)
{
    struct releasing_form *form = arena_alloc(rq->arena, sizeof(*form));
    const struct problem *problem = flow_open_form(rq, &form->flow);

    if (problem != NULL)
        return problem;
    if (!text_eq(form->flow.tx.purpose, PURPOSE_CARD_LOSS))
        return &problem_transaction_order;
    if (!rq->session->live)
        return flow_go(rq, &form->flow, "/login");
    if (!text_eq(form->flow.tx.shown_to, rq->session->row.subject.id))
        return flow_show_again(rq, &form->flow, PATH, NULL, &problem_another_person);
    return text_eq(param(rq, "decision"), "release") ? release(rq, form) : report(rq, &form->flow);
}
