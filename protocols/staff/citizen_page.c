/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff/citizen_page.h"

#include "idp/base/text.h"
#include "idp/staff/present.h"
#include "policies/staff_rules.h"

#define PERSON "/staff/person"
#define FIND "/staff/find"
#define SCAN "/staff/scan"

const struct problem *
citizen_page_go(struct request *rq, struct flow *flow, const char *person_id, unix_s present_at)
{
    const struct problem *problem;

    citizen_page_leave(flow);
    flow->tx.person_id = person_id;
    flow->tx.known_at = present_at;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, PERSON);
}

void
citizen_page_leave(struct flow *flow)
{
    flow->tx.person_id = "";
    flow->tx.known_at = 0;
    flow->tx.proven_at = 0;
}

const struct problem *
citizen_page_check(struct request *rq, const struct flow *flow)
{
    const struct problem *problem;

    if (!text_is_empty(flow->tx.person_id) && text_eq(flow->tx.shown_to, rq->staff->row.sid))
        return NULL;
    problem = flow_go(rq, flow, FIND);
    return problem != NULL ? problem : &problem_answered;
}

bool
citizen_page_is_present(const struct request *rq, const struct flow *flow)
{
    return flow->tx.known_at != 0 && rq->now - flow->tx.known_at < STAFF_PRESENT_S;
}

void
citizen_page_links(struct request *rq, const struct flow *flow, struct page *page)
{
    const char *roles = rq->staff->staff.roles;

    page_text(page, "staff_url", "/staff");
    if (staff_may(roles, STAFF_VERB_find))
        page_text(page, "find_url", flow_url(rq, flow, FIND));
    if (staff_may(roles, STAFF_VERB_scan))
        page_text(page, "scan_url", flow_url(rq, flow, SCAN));
}
