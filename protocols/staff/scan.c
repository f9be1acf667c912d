/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/scan: the code of the card of who stands before the counter; a scanner types it, and Enter. */
#include "idp/staff/present.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/citizen_page.h"

#define PATH "/staff/scan"
#define FIELD "card_code"

const struct problem *
endpoint_staff_scan(struct request *rq)
{
    struct flow flow;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    citizen_page_leave(&flow);
    err = staff_page(rq, &flow, "staff_scan", WORD_staff_scan_title, PATH, &page);
    if (err != OK)
        return problem_of(err);
    citizen_page_links(rq, &flow, page);
    return flow_answer(rq, &flow, page, FIELD);
}

const struct problem *
endpoint_staff_scan_submit(struct request *rq)
{
    struct flow flow;
    struct staff_presence presence;
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, PATH, &flow);

    if (problem != NULL)
        return problem;
    if (param(rq, FIELD) == NULL)
        return flow_show_again(rq, &flow, PATH, FIELD, &problem_card_code_missing);
    problem = staff_scan(rq->ctx, &rq->staff->staff, param(rq, FIELD), &presence);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, FIELD, problem);
    return citizen_page_go_present(rq, &flow, &presence);
}
