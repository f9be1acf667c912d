/* SPDX-License-Identifier: Apache-2.0 */
/* The page that tells a problem, with ways on. */
#include "protocols/http/respond.h"
#include "protocols/pages/doors.h"
#include "protocols/pages/page.h"

struct page *
page_problem_new(struct request *rq, const struct problem *problem)
{
    struct page *page = page_new(rq, "error", WORD_error_title);

    respond_tells(rq, problem);
    page_text(page, "symbol", problem->symbol);
    page_text(page, "sentence", problem_text(problem, rq->language));
    page_text(page, "request_id", rq->ctx->request_id);
    page_text(page, "home_url", rq->at_staff ? "/staff" : "/");
    page_flag(page, "later", problem_is_temporary(problem));
    if (!rq->at_staff) /* partners' doors are for citizens */
        page_doors(rq, page);
    respond_retry_after(rq, problem);
    return page;
}

void
page_problem(struct request *rq, const struct problem *problem)
{
    struct page *page = page_problem_new(rq, problem);

    page_languages_here(page);
    page_answer(rq, problem->status, page);
}
