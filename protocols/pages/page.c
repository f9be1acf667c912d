/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/page.h"

#include "protocols/http/respond.h"

void
page_problem(struct request *rq, const struct problem *problem)
{
    respond_problem_text(rq, problem);
}
