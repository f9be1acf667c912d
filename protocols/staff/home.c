/* SPDX-License-Identifier: Apache-2.0 */
/* GET /staff: who sits at which counter. */
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/staff_page.h"

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
    return err == OK ? flow_answer(rq, &flow, page, NULL) : problem_of(err);
}
