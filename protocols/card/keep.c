/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /card/keep: a person renews her card, has it opened no longer on her telephone, or closes it. For each she
 * has logged in a moment ago, by something of her own.
 */
#include "idp/base/text.h"
#include "idp/card/life.h"
#include "idp/card/link.h"
#include "policies/channel.h"
#include "protocols/card/view.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/respond.h"

#define PATH "/card/keep"

/* By something of her own, a moment ago. */
static bool
is_fresh(const struct request *rq)
{
    return card_link_is_fresh(rq->ctx, &rq->session->row) &&
           rq->session->row.level >= CARD_VIEW_LEVEL;
}

/* --- The page --- */

static enum err
link_add(struct request *rq, struct page *page)
{
    struct stored_card_link link;
    enum err err = store_card_link_find(rq->ctx->store, rq->arena, rq->session->row.subject.id,
                                        channels[CHANNEL_app].name, &link);

    if (err == OK)
        page_text(page, "linked", card_day(rq, time_beijing_date(link.linked_at)));
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
card_add(struct request *rq, struct page *page, bool *has_card)
{
    struct card card;
    enum err err = card_find(rq->ctx, rq->session->row.subject.id, &card);

    *has_card = err == OK;
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    page_flag(page, "face", true);
    page_text(page, "valid_to", card_day(rq, card.row.valid_to));
    page_flag(page, "soon", card_may_be_renewed(card.row.valid_to, rq->now));
    return link_add(rq, page);
}

static void
done_add(struct request *rq, struct page *page)
{
    const char *done = param(rq, "done");

    if (text_eq(done, "renew"))
        page_word(page, "notice", WORD_card_renew_done);
    else if (text_eq(done, "unlink"))
        page_word(page, "notice", WORD_card_unlink_done);
    else if (text_eq(done, "close"))
        page_word(page, "notice", WORD_card_close_done);
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    bool has_card = false;
    struct page *page;
    enum err err;

    err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "card_keep", WORD_card_keep_title, PATH);
    err = card_add(rq, page, &has_card);
    if (err != OK)
        return problem_of(err);
    page_flag(page, "again", !is_fresh(rq));
    if (!has_card) /* and there is nothing that somebody else's form could have done */
        flow->mistakes.count = 0;
    page_text(page, "card_url", "/card");
    page_text(page, "home_url", "/");
    page_text(page, "leave_url", ""); /* to the card is where it leads to, or home */
    done_add(rq, page);
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_card_keep(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_CARD_KEEP, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

/* --- What she does --- */

/* Pressed twice, what is done is done. */
static const struct problem *
renew(struct request *rq)
{
    struct card card;
    const struct problem *problem = card_renew(rq->ctx, rq->session->row.subject.id, &card);

    return problem == &problem_ecard_renew_early ? NULL : problem;
}

static const struct problem *
unlink_app(struct request *rq)
{
    return problem_of(
        card_unlink(rq->ctx, rq->session->row.subject.id, channels[CHANNEL_app].name, "person"));
}

static const struct problem *
close_it(struct request *rq)
{
    const struct problem *problem = card_close(rq->ctx, rq->session->row.subject.id);

    return problem == &problem_ecard_none ? NULL : problem;
}

static const struct {
    const char *act;
    const struct problem *(*run)(struct request *rq);
} acts[] = { { "renew", renew }, { "unlink", unlink_app }, { "close", close_it } };

static const struct problem *
act(struct request *rq, const struct flow *flow)
{
    const char *asked = param(rq, "act");

    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        const struct problem *problem;

        if (!text_eq(acts[i].act, asked))
            continue;
        problem = acts[i].run(rq);
        if (problem != NULL)
            return flow_show_again(rq, flow, PATH, NULL, problem);
        return respond_redirect(
            rq, arena_printf(rq->arena, "%s&done=%s", flow_url(rq, flow, PATH), asked));
    }
    return flow_go(rq, flow, PATH);
}

const struct problem *
endpoint_card_keep_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!text_eq(flow.tx.purpose, PURPOSE_CARD_KEEP))
        return &problem_transaction_order;
    if (!rq->session->live)
        return flow_go(rq, &flow, "/login");
    if (!text_eq(flow.tx.shown_to, rq->session->row.subject.id))
        return flow_show_again(rq, &flow, PATH, NULL, &problem_another_person);
    if (!is_fresh(rq))
        return own_page_log_in_again(rq, &flow);
    return act(rq, &flow);
}
