/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/reset: a link goes to the citizen's own telephone, by which she chooses her password herself. */
#include "idp/base/text.h"
#include "idp/staff/reset_link.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"
#include "protocols/staff/present_page.h"

#define PATH "/staff/reset"

static const struct present_page this_page = { "staff_reset", WORD_reset_title, PATH };

const struct problem *
endpoint_staff_reset(struct request *rq)
{
    struct flow flow;
    struct citizen citizen;
    struct page *page;
    const struct problem *problem = present_page_open(rq, &flow, &citizen);
    enum err err;

    if (problem != NULL)
        return problem;
    err = present_page_new(rq, &flow, &citizen, &this_page, &page);
    if (err != OK)
        return problem_of(err);
    page_flag(page, "offered", reset_link_is_offered(rq->ctx));
    page_text(page, "phone_masked", phone_masked(rq->arena, citizen.person.phone));
    page_flag(page, "sent", param(rq, "sent") != NULL);
    return flow_answer(rq, &flow, page, NULL);
}

const struct problem *
endpoint_staff_reset_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = present_form_open(rq, PATH, &flow);

    if (problem != NULL)
        return problem;
    problem = reset_link_send(rq->ctx, rq->staff, flow.tx.person_id);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, NULL, problem);
    return respond_redirect(rq, arena_printf(rq->arena, "%s&sent=1", flow_url(rq, &flow, PATH)));
}
