/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/password: another password in the directory, by the present one or one whose time is over. */
#include "idp/base/text.h"
#include "idp/staff/password_change.h"
#include "policies/staff_password.h"
#include "protocols/endpoints.h"
#include "protocols/staff/signing.h"

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page =
        signing_page(rq, flow, "staff_password", WORD_staff_password_title, PASSWORD_PATH);

    page_text(page, "staff_name_typed", param_typed(rq, "staff_name"));
    page_text(page, "again_url", flow_url(rq, flow, SIGN_IN_PATH));
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_staff_password(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = signing_open(rq, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

struct staff_changing {
    struct flow flow;
    struct password_change change;
};

static const char *
field_of(const struct problem *problem)
{
    bool is_new = problem == &problem_staff_password_weak ||
                  problem == &problem_staff_password_reused ||
                  problem == &problem_staff_password_kept;

    return is_new ? "password" : NULL;
}

static const struct problem *
change_end(struct request *rq, void *state)
{
    struct staff_changing *changing = state;
    const struct problem *problem = password_change_end(rq->ctx, &changing->change);

    if (problem != NULL)
        return flow_show_again(rq, &changing->flow, PASSWORD_PATH, field_of(problem), problem);
    return signing_go_done(rq, &changing->flow, "password");
}

/* What can be told of the new one without asking anybody. */
static void
form_judge(struct request *rq, struct mistakes *wrong)
{
    const char *password = param_typed(rq, "password");

    *wrong = (struct mistakes) { .count = 0 };
    if (password == NULL || !staff_password_is_strong(password))
        mistake_add(wrong, "password", &problem_staff_password_weak);
    if (!text_eq(password, param_typed(rq, "password_again")))
        mistake_add(wrong, "password_again", &problem_password_differs);
}

const struct problem *
endpoint_staff_password_submit(struct request *rq)
{
    struct staff_changing *changing = arena_alloc(rq->arena, sizeof(*changing));
    struct mistakes wrong;
    const struct problem *problem = signing_form_open(rq, &changing->flow);

    if (problem != NULL)
        return problem;
    form_judge(rq, &wrong);
    if (wrong.count > 0)
        return flow_show_mistakes(rq, &changing->flow, PASSWORD_PATH, &wrong);
    changing->change = (struct password_change) { .name = param_typed(rq, "staff_name"),
                                                  .old_password = param_typed(rq, "password_old"),
                                                  .new_password = param_typed(rq, "password") };
    problem = password_change_begin(rq->ctx, &changing->change);
    if (problem != NULL)
        return flow_show_again(rq, &changing->flow, PASSWORD_PATH, NULL, problem);
    return request_ask(rq, &ask_password_change, &changing->change, change_end, changing);
}
