/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff/present_page.h"

#include "idp/staff/proofing.h"
#include "policies/name.h"
#include "policies/staff_rules.h"
#include "protocols/flow/purpose.h"

const struct problem *
present_page_open(struct request *rq, struct flow *flow, struct citizen *citizen)
{
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, flow);

    if (problem == NULL)
        problem = citizen_page_check(rq, flow);
    return problem != NULL ? problem
                           : citizen_serve(rq->ctx, &rq->staff->staff, flow->tx.person_id, citizen);
}

enum err
present_page_new(struct request *rq, struct flow *flow, const struct citizen *citizen,
                 const struct present_page *what, struct page **out)
{
    bool proven;
    enum err err = proofing_stands(rq->ctx, rq->staff, citizen->person.person_id, &proven);

    if (err == OK)
        err = staff_page(rq, flow, what->template, what->title, what->path, out);
    if (err != OK)
        return err;
    page_text(*out, "citizen", name_masked(rq->arena, citizen->person.name));
    page_text(*out, "person_url", flow_url(rq, flow, "/staff/person"));
    if (!proven)
        page_text(*out, "proof_url", flow_url(rq, flow, "/staff/proof"));
    return OK;
}

const struct problem *
present_form_open(struct request *rq, const char *path, struct flow *flow)
{
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, path, flow);

    return problem != NULL ? problem : citizen_page_check(rq, flow);
}

void
present_page_links(struct request *rq, const struct flow *flow, struct page *page)
{
    static const struct present_link {
        const char *name;
        const char *path;
        enum staff_verb verb;
    } links[] = {
        { "proof_url", "/staff/proof", STAFF_VERB_prove },
        { "survival_url", "/staff/survival", STAFF_VERB_confirm_survival },
        { "reset_url", "/staff/reset", STAFF_VERB_reset },
        { "correct_url", "/staff/correct", STAFF_VERB_correct },
    };

    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
        if (staff_may(rq->staff->staff.roles, links[i].verb))
            page_text(page, links[i].name, flow_url(rq, flow, links[i].path));
}

const char *
present_date(struct arena *arena, unix_s at)
{
    int32_t date = time_beijing_date(at);

    return arena_printf(arena, "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100);
}
