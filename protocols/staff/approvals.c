/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /staff/approvals: what others have proposed and this member of staff may decide. GET and POST
 * /staff/approvals/one: one of it, and her word.
 */
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/person/vault.h"
#include "idp/staff/correction.h"
#include "idp/tables/counter.h"
#include "policies/name.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/respond.h"
#include "protocols/staff/citizen_page.h"

#define PATH "/staff/approvals"
#define ONE "/staff/approvals/one"

static enum word
kind_word(int64_t kind)
{
    static const enum word words[PROPOSAL_KINDS] = {
        [PROPOSAL_NONE] = WORD_proposal_business,
        [PROPOSAL_BUSINESS] = WORD_proposal_business,
        [PROPOSAL_NAME] = WORD_correct_name,
        [PROPOSAL_NUMBER] = WORD_correct_number,
    };

    return words[kind > PROPOSAL_NONE && kind < PROPOSAL_KINDS ? kind : PROPOSAL_NONE];
}

/* --- What waits --- */

static enum err
proposal_fill(struct request *rq, struct page *page, const struct stored_proposal *proposal)
{
    struct stored_counter counter;
    struct person person;
    enum err err = person_load(rq->ctx, proposal->person_id, &person);

    if (err == OK)
        err = store_counter_load(rq->ctx->store, rq->arena, proposal->counter_id, &counter);
    if (err == ERR_NOT_FOUND) {
        counter = (struct stored_counter) { .place = "" };
        err = OK;
    }
    if (err != OK)
        return err;
    page_text(page, "ref", proposal->proposal_id);
    page_word(page, "kind", kind_word(proposal->kind));
    page_text(page, "citizen", name_masked(rq->arena, person.name));
    page_text(page, "proposer", proposal->staff_id);
    page_text(page, "place", counter.place);
    page_text(page, "business", proposal->business);
    page_text(page, "reason", proposal->reason);
    page_text(page, "proposed", time_beijing_minute(rq->arena, proposal->created_at));
    page_text(page, "until_time", time_beijing_minute(rq->arena, proposal->until));
    return OK;
}

static enum err
list_fill(struct request *rq, struct page *page)
{
    struct stored_proposal_list list;
    enum err err = proposal_list(rq->ctx, rq->staff, &list);

    for (size_t i = 0; err == OK && i < list.count; i++)
        err = proposal_fill(rq, page_row(page, "proposals"), &list.at[i]);
    return err;
}

const struct problem *
endpoint_staff_approvals(struct request *rq)
{
    struct flow flow;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    citizen_page_leave(&flow);
    flow.tx.asked = "";
    err = staff_page(rq, &flow, "staff_approvals", WORD_proposals_title, PATH, &page);
    if (err == OK)
        err = list_fill(rq, page);
    if (err != OK)
        return problem_of(err);
    page_flag(page, "approved", text_eq(param(rq, "done"), "approved"));
    page_flag(page, "refused", text_eq(param(rq, "done"), "refused"));
    citizen_page_links(rq, &flow, page);
    return flow_answer(rq, &flow, page, NULL);
}

const struct problem *
endpoint_staff_approvals_choose(struct request *rq)
{
    struct flow flow;
    struct stored_proposal proposal;
    const char *ref = param(rq, "proposal");
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, PATH, &flow);

    if (problem != NULL)
        return problem;
    problem =
        ref == NULL ? &problem_proposal_over : proposal_look(rq->ctx, rq->staff, ref, &proposal);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, NULL, problem);
    flow.tx.asked = ref;
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, ONE);
}

/* --- One of it --- */

/* None is chosen, or the form was shown to another sitting: to the list. */
static const struct problem *
chosen_check(struct request *rq, const struct flow *flow)
{
    const struct problem *problem;

    if (!text_is_empty(flow->tx.asked) && text_eq(flow->tx.shown_to, rq->staff->row.sid))
        return NULL;
    problem = flow_go(rq, flow, PATH);
    return problem != NULL ? problem : &problem_answered;
}

static enum err
value_fill(struct request *rq, struct page *page, const struct stored_proposal *proposal)
{
    const char *value;
    enum err err = correction_value(rq->ctx, proposal, &value);

    if (err == OK)
        page_text(page, "value", value);
    return err;
}

const struct problem *
endpoint_staff_approvals_one(struct request *rq)
{
    struct flow flow;
    struct stored_proposal proposal;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);
    enum err err;

    if (problem == NULL)
        problem = chosen_check(rq, &flow);
    if (problem == NULL)
        problem = proposal_look(rq->ctx, rq->staff, flow.tx.asked, &proposal);
    if (problem != NULL)
        return problem;
    err = staff_page(rq, &flow, "staff_approval", WORD_proposal_title, ONE, &page);
    if (err == OK)
        err = proposal_fill(rq, page, &proposal);
    if (err == OK)
        err = value_fill(rq, page, &proposal);
    if (err != OK)
        return problem_of(err);
    page_text(page, "list_url", flow_url(rq, &flow, PATH));
    return flow_answer(rq, &flow, page, NULL);
}

const struct problem *
endpoint_staff_approvals_decide(struct request *rq)
{
    struct flow flow;
    bool approves = text_eq(param(rq, "decision"), "approve");
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, PATH, &flow);

    if (problem == NULL)
        problem = chosen_check(rq, &flow);
    if (problem != NULL)
        return problem;
    problem = proposal_decide(rq->ctx, rq->staff, flow.tx.asked, approves);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, NULL, problem);
    return respond_redirect(rq, arena_printf(rq->arena, "%s&done=%s", flow_url(rq, &flow, PATH),
                                             approves ? "approved" : "refused"));
}
