/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/find: a member of staff finds a person by her identity number, her phone or her card's number, exactly. */
#include "idp/staff/look.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/citizen_page.h"

#define PATH "/staff/find"
#define FIELD "find"

const struct problem *
endpoint_staff_find(struct request *rq)
{
    struct flow flow;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    citizen_page_leave(&flow);
    err = staff_page(rq, &flow, "staff_find", WORD_staff_find_title, PATH, &page);
    if (err != OK)
        return problem_of(err);
    page_text(page, FIELD, param_typed(rq, FIELD));
    citizen_page_links(rq, &flow, page);
    return flow_answer(rq, &flow, page, FIELD);
}

const struct problem *
endpoint_staff_find_submit(struct request *rq)
{
    struct flow flow;
    struct citizen citizen;
    struct find_name name;
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, PATH, &flow);

    if (problem != NULL)
        return problem;
    problem = find_name_check(rq->arena, param_typed(rq, FIELD), time_beijing_date(rq->now), &name);
    if (problem == NULL)
        problem = staff_find(rq->ctx, &rq->staff->staff, &name, &citizen);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, FIELD, problem);
    return citizen_page_go(rq, &flow, citizen.person.person_id);
}
