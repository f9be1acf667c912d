/* SPDX-License-Identifier: Apache-2.0 */
/* GET /staff: who sits at which counter. */
#include "policies/staff_rules.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/citizen_page.h"

/* What her roles allow. */
static void
links_add(struct request *rq, const struct flow *flow, struct page *page)
{
    const char *roles = rq->staff->staff.roles;

    citizen_page_links(rq, flow, page);
    if (staff_may(roles, STAFF_VERB_register))
        page_text(page, "register_url", flow_url(rq, flow, "/staff/register"));
    if (staff_may(roles, STAFF_VERB_approve))
        page_text(page, "approvals_url", flow_url(rq, flow, "/staff/approvals"));
}

const struct problem *
endpoint_staff_home(struct request *rq)
{
    struct flow flow;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    err = staff_page_seal(rq, &flow);
    if (err == OK)
        err = staff_page(rq, &flow, "staff_home", WORD_staff_title, "/staff", &page);
    if (err != OK)
        return problem_of(err);
    links_add(rq, &flow, page);
    return flow_answer(rq, &flow, page, NULL);
}
