/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff/staff_page.h"

#include "idp/base/text.h"

static const struct problem *
begin(struct request *rq, const char *purpose)
{
    struct flow flow = { .tx.purpose = purpose };
    const struct problem *problem = flow_begin(rq, &flow);

    if (problem == NULL)
        problem = flow_go(rq, &flow, rq->path);
    return problem != NULL ? problem : &problem_answered;
}

const struct problem *
staff_page_open(struct request *rq, const char *purpose, struct flow *out)
{
    const struct problem *problem;

    if (param(rq, "tx") == NULL)
        return begin(rq, purpose);
    problem = flow_open(rq, out);
    if (problem != NULL)
        return problem;
    return text_eq(out->tx.purpose, purpose) ? NULL : &problem_transaction_order;
}

const struct problem *
staff_form_open(struct request *rq, const char *purpose, const char *path, struct flow *out)
{
    const struct problem *problem = flow_open_form(rq, out);

    if (problem != NULL)
        return problem;
    if (!text_eq(out->tx.purpose, purpose))
        return &problem_transaction_order;
    if (text_eq(out->tx.shown_to, rq->staff->row.sid))
        return NULL;
    problem = flow_show_again(rq, out, path, NULL, &problem_another_person);
    return problem != NULL ? problem : &problem_answered;
}

enum err
staff_page_of_any(struct request *rq, const struct flow *flow, const char *template,
                  enum word title, const char *action, struct page **out)
{
    const char *name;
    enum err err = staff_name_open(rq->ctx, &rq->staff->staff, &name);

    if (err != OK)
        return err;
    *out = flow_page(rq, flow, template, title, action);
    page_text(*out, "leave_url", text_eq(rq->path, "/staff") ? "" : "/staff");
    page_text(*out, "staff_name", name);
    page_text(*out, "staff_place", rq->staff->counter.place);
    page_text(*out, "lock_action", "/staff/lock");
    page_add_script(*out); /* F8 */
    page_text(*out, "sign_out_action", "/staff/sign-out");
    page_text(*out, "staff_agency", rq->staff->counter.agency);
    return OK;
}

enum err
staff_page(struct request *rq, struct flow *flow, const char *template, enum word title,
           const char *action, struct page **out)
{
    enum err err;

    flow->tx.shown_to = rq->staff->row.sid;
    err = transaction_seal(rq->ctx, &flow->tx, &flow->sealed);
    return err == OK ? staff_page_of_any(rq, flow, template, title, action, out) : err;
}
