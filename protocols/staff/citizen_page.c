/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff/citizen_page.h"

#include "idp/base/text.h"
#include "policies/staff_rules.h"

#define PERSON "/staff/person"
#define FIND "/staff/find"
#define SCAN "/staff/scan"

static const struct problem *
person_go(struct request *rq, struct flow *flow)
{
    const struct problem *problem = flow_reseal(rq, flow);

    return problem != NULL ? problem : flow_go(rq, flow, PERSON);
}

const struct problem *
citizen_page_go(struct request *rq, struct flow *flow, const char *person_id)
{
    citizen_page_leave(flow);
    flow->tx.person_id = person_id;
    return person_go(rq, flow);
}

/* How surely: when she logged in, level, and factors. */
const struct problem *
citizen_page_go_present(struct request *rq, struct flow *flow,
                        const struct staff_presence *presence)
{
    citizen_page_leave(flow);
    flow->tx.person_id = presence->person_id;
    flow->tx.known_at = presence->at;
    flow->tx.asked = arena_printf(rq->arena, "%lld %s %s", (long long)presence->auth_time,
                                  presence->acr, presence->amr);
    return person_go(rq, flow);
}

void
citizen_page_leave(struct flow *flow)
{
    flow->tx.person_id = "";
    flow->tx.known_at = 0;
    flow->tx.asked = "";
    flow->tx.hint_sub = "";
    flow->tx.scope = "";
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

/* "…": as it was sealed. */
static void
presence_read(const struct request *rq, const struct flow *flow, struct staff_presence *out)
{
    const char *words = flow->tx.asked;
    const char *since;
    const char *acr;
    size_t since_size = 0;
    size_t acr_size = 0;

    since = text_next_word(&words, &since_size);
    acr = text_next_word(&words, &acr_size);
    *out = (struct staff_presence) { .person_id = flow->tx.person_id, .at = flow->tx.known_at };
    out->acr = acr != NULL ? arena_copy(rq->arena, acr, acr_size) : "";
    out->amr = *words == ' ' ? words + 1 : words;
    if (since == NULL ||
        text_to_int(arena_copy(rq->arena, since, since_size), 0, TIME_NEVER, &out->auth_time) != OK)
        out->auth_time = 0;
}

bool
citizen_page_is_present(const struct request *rq, const struct flow *flow,
                        struct staff_presence *out)
{
    if (flow->tx.known_at == 0 || rq->now - flow->tx.known_at >= STAFF_PRESENT_S)
        return false;
    if (out != NULL)
        presence_read(rq, flow, out);
    return true;
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
