/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /staff/correct: the citizen's name or number is wrong with us; proposed here, and done here once a second
 * person has agreed.
 */
#include "idp/base/text.h"
#include "idp/staff/correction.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"
#include "protocols/staff/paper_form.h"
#include "protocols/staff/present_page.h"

#define PATH "/staff/correct"

static const struct present_page this_page = { "staff_correct", WORD_correct_title, PATH };

static enum proposal_kind
kind_named(const char *name)
{
    if (text_eq(name, "name"))
        return PROPOSAL_NAME;
    return text_eq(name, "number") ? PROPOSAL_NUMBER : PROPOSAL_NONE;
}

/* --- The page --- */

static bool
is_correction(const struct stored_proposal *proposal, const char *person_id)
{
    return (proposal->kind == PROPOSAL_NAME || proposal->kind == PROPOSAL_NUMBER) &&
           text_eq(proposal->person_id, person_id);
}

static enum err
proposal_add(struct request *rq, struct page *page, const struct stored_proposal *proposal)
{
    bool is_number = proposal->kind == PROPOSAL_NUMBER;
    struct page *row = page_row(page, "proposals");
    const char *value;
    enum err err = correction_value(rq->ctx, proposal, &value);

    page_text(row, "what", is_number ? "number" : "name");
    page_word(row, "kind", is_number ? WORD_correct_number : WORD_correct_name);
    page_text(row, "value", value);
    page_flag(row, "waits", proposal->state == PROPOSAL_WAITS);
    page_flag(row, "approved", proposal->state == PROPOSAL_APPROVED);
    page_flag(row, "refused", proposal->state == PROPOSAL_REFUSED);
    page_flag(row, "used", proposal->state == PROPOSAL_USED);
    return err;
}

static enum err
proposals_add(struct request *rq, const char *person_id, struct page *page)
{
    struct stored_proposal_list list;
    enum err err = store_proposal_list_of(rq->ctx->store, rq->arena, rq->staff->staff.staff_id,
                                          rq->now, &list);

    for (size_t i = 0; err == OK && i < list.count; i++)
        if (is_correction(&list.at[i], person_id))
            err = proposal_add(rq, page, &list.at[i]);
    return err;
}

const struct problem *
endpoint_staff_correct(struct request *rq)
{
    struct flow flow;
    struct citizen citizen;
    struct page *page;
    const struct problem *problem = present_page_open(rq, &flow, &citizen);
    enum proposal_kind kind = kind_named(param_typed(rq, "kind"));
    enum err err;

    if (problem != NULL)
        return problem;
    err = present_page_new(rq, &flow, &citizen, &this_page, &page);
    if (err == OK)
        err = proposals_add(rq, citizen.person.person_id, page);
    if (err != OK)
        return problem_of(err);
    paper_form_fill(rq, page);
    page_flag(page, "kind_name", kind != PROPOSAL_NUMBER);
    page_flag(page, "kind_number", kind == PROPOSAL_NUMBER);
    page_text(page, "name", param_typed(rq, "name"));
    page_text(page, "reason", param_typed(rq, "reason"));
    page_flag(page, "done", param(rq, "done") != NULL);
    return flow_answer(rq, &flow, page, NULL);
}

/* --- The form --- */

static const char *
field_of(const struct problem *problem, enum proposal_kind kind)
{
    if (problem == &problem_name_invalid || problem == &problem_name_private)
        return "name";
    if (problem == &problem_correction_same)
        return kind == PROPOSAL_NUMBER ? "number" : "name";
    return problem == &problem_staff_reason_invalid ? "reason" : paper_form_field(problem);
}

static const struct problem *
carry_out(struct request *rq, const struct flow *flow, enum proposal_kind kind)
{
    const struct problem *problem = correction_make(rq->ctx, rq->staff, flow->tx.person_id, kind);

    if (problem != NULL)
        return flow_show_again(rq, flow, PATH, NULL, problem);
    return respond_redirect(rq, arena_printf(rq->arena, "%s&done=1", flow_url(rq, flow, PATH)));
}

const struct problem *
endpoint_staff_correct_submit(struct request *rq)
{
    struct flow flow;
    struct correction correction = { .kind = PROPOSAL_NONE };
    enum proposal_kind carry = kind_named(param_typed(rq, "carry"));
    const char *name = param_typed(rq, "name");
    const char *reason = param_typed(rq, "reason");
    const struct problem *problem = present_form_open(rq, PATH, &flow);

    if (problem != NULL)
        return problem;
    if (carry != PROPOSAL_NONE)
        return carry_out(rq, &flow, carry);
    correction.kind = kind_named(param_typed(rq, "kind"));
    correction.name = name != NULL ? name : "";
    correction.reason = reason != NULL ? reason : "";
    correction.proofing = paper_form_read(rq);
    if (correction.kind == PROPOSAL_NONE)
        correction.kind = PROPOSAL_NAME;
    problem = correction_propose(rq->ctx, rq->staff, flow.tx.person_id, &correction);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, field_of(problem, correction.kind), problem);
    return flow_go(rq, &flow, PATH);
}
