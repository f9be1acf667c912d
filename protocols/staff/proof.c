/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/proof: a member of staff has compared the citizen before her with a paper of hers. */
#include "protocols/endpoints.h"
#include "protocols/staff/paper_form.h"
#include "protocols/staff/present_page.h"

#define PATH "/staff/proof"

static const struct present_page this_page = { "staff_proof", WORD_proof_title, PATH };

const struct problem *
endpoint_staff_proof(struct request *rq)
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
    paper_form_fill(rq, page);
    return flow_answer(rq, &flow, page, NULL);
}

const struct problem *
endpoint_staff_proof_submit(struct request *rq)
{
    struct flow flow;
    struct proofing proofing;
    const struct problem *problem = present_form_open(rq, PATH, &flow);

    if (problem != NULL)
        return problem;
    proofing = paper_form_read(rq);
    problem = proofing_record(rq->ctx, rq->staff, flow.tx.person_id, &proofing);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, paper_form_field(problem), problem);
    return flow_go(rq, &flow, "/staff/person");
}
