/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/survival: the citizen before her is alive (养老待遇资格认证). */
#include "idp/staff/survival.h"
#include "idp/tables/survival.h"
#include "protocols/endpoints.h"
#include "protocols/staff/present_page.h"

#define PATH "/staff/survival"
#define DAY_S 86400

static const struct present_page this_page = { "staff_survival", WORD_survival_title, PATH };

static enum err
last_add(struct request *rq, const char *person_id, struct page *page)
{
    struct stored_survival last;
    enum err err = store_survival_last(rq->ctx->store, rq->arena, person_id, &last);

    if (err == ERR_NOT_FOUND)
        return OK;
    if (err != OK)
        return err;
    page_text(page, "confirmed", present_date(rq->arena, last.confirmed_at));
    page_text(page, "holds_until", present_date(rq->arena, last.until - DAY_S));
    page_flag(page, "holds", rq->now < last.until);
    return OK;
}

const struct problem *
endpoint_staff_survival(struct request *rq)
{
    struct flow flow;
    struct citizen citizen;
    struct page *page;
    const struct problem *problem = present_page_open(rq, &flow, &citizen);
    enum err err;

    if (problem != NULL)
        return problem;
    err = present_page_new(rq, &flow, &citizen, &this_page, &page);
    if (err == OK)
        err = last_add(rq, citizen.person.person_id, page);
    return err == OK ? flow_answer(rq, &flow, page, NULL) : problem_of(err);
}

const struct problem *
endpoint_staff_survival_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = present_form_open(rq, PATH, &flow);

    if (problem != NULL)
        return problem;
    problem = survival_confirm(rq->ctx, rq->staff, flow.tx.person_id);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, NULL, problem);
    return flow_go(rq, &flow, PATH);
}
