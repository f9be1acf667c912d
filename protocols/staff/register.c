/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/register: whoever stands there with her papers, or a child with her guardian, gets an account. */
#include "idp/base/text.h"
#include "idp/staff/newcomer.h"
#include "idp/staff/reset_link.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/citizen_page.h"
#include "protocols/staff/paper_form.h"

#define PATH "/staff/register"

/* Changed with every change of the notice's words: consents point to its digest. */
#define NOTICE_VERSION "2026-11 counter"

const struct problem *
endpoint_staff_register(struct request *rq)
{
    struct flow flow;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    citizen_page_leave(&flow);
    err = staff_page(rq, &flow, "staff_register", WORD_newcomer_title, PATH, &page);
    if (err != OK)
        return problem_of(err);
    paper_form_fill(rq, page);
    page_text(page, "name", param_typed(rq, "name"));
    page_text(page, "phone", param_typed(rq, "phone"));
    page_flag(page, "agreed", !text_is_empty(param_typed(rq, "agreed")));
    page_flag(page, "offered", reset_link_is_offered(rq->ctx));
    citizen_page_links(rq, &flow, page);
    return flow_answer(rq, &flow, page, "agreed");
}

static struct digest
notice_digest(enum language language)
{
    struct digest told = digest_of_text(word(language, WORD_newcomer_notice));
    struct digest version = digest_of_text(NOTICE_VERSION);
    static const struct key32 no_key;

    return digest_keyed(&no_key,
                        bytes_of((struct digest[]) { version, told }, 2 * sizeof(version)));
}

static struct newcomer
newcomer_read(struct request *rq)
{
    const char *name = param_typed(rq, "name");

    return (struct newcomer) { .name = name != NULL ? name : "",
                               .phone = param_typed(rq, "phone"),
                               .proofing = paper_form_read(rq),
                               .notice = notice_digest(rq->language) };
}

static void
faults_add(const struct newcomer_faults *faults, struct mistakes *mistakes)
{
    mistake_add(mistakes, "name", faults->name);
    mistake_add(mistakes, "number", faults->number);
    if (faults->paper != NULL)
        mistake_add(mistakes, paper_form_field(faults->paper), faults->paper);
    mistake_add(mistakes, "phone", faults->phone);
}

const struct problem *
endpoint_staff_register_submit(struct request *rq)
{
    struct flow flow;
    struct newcomer newcomer;
    struct newcomer_faults faults;
    struct mistakes mistakes = { .count = 0 };
    const char *person_id;
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, PATH, &flow);

    if (problem != NULL)
        return problem;
    if (text_is_empty(param_typed(rq, "agreed")))
        return flow_show_again(rq, &flow, PATH, "agreed", &problem_newcomer_consent);
    newcomer = newcomer_read(rq);
    problem = newcomer_register(rq->ctx, rq->staff, &newcomer, &faults, &person_id);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, paper_form_field(problem), problem);
    faults_add(&faults, &mistakes);
    if (mistakes.count > 0)
        return flow_show_mistakes(rq, &flow, PATH, &mistakes);
    return citizen_page_go(rq, &flow, person_id);
}
