/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /login: phone number or identity number, and password. */
#include "idp/base/text.h"
#include "idp/session/login.h"
#include "policies/phone.h"
#include "protocols/endpoints.h"
#include "protocols/login/ways/ways.h"

static const struct way *const here = &ways[WAY_PASSWORD];

/* login_hint may be a phone number of ours; anything else a partner puts there is left out. */
static const char *
phone_hint(struct request *rq, const struct flow *flow)
{
    const char *hint = flow->tx.login_hint;
    const char *phone;

    if (text_is_empty(hint) || phone_check(rq->arena, hint, &phone) != NULL)
        return "";
    return phone_national(phone);
}

static const struct problem *
show(struct request *rq, const struct flow *flow)
{
    struct page *page = flow_page(rq, flow, "login_password", WORD_login_title, here->path);
    const char *typed = param_typed(rq, "phone");

    page_text(page, "phone", typed != NULL ? typed : phone_hint(rq, flow));
    way_links(rq, flow, here, page);
    if (way_check(rq, &ways[WAY_SMS]) == NULL)
        page_text(page, "recover_url", flow_url(rq, flow, "/recover"));
    way_instead(rq, flow, &ways[WAY_SMS], page);
    page_flag(page, "reauth", flow->tx.asks_again != 0);
    return flow_answer(rq, flow, page, NULL);
}

static const struct problem *
show_again(struct request *rq, const struct flow *flow, const char *field,
           const struct problem *problem)
{
    return flow_show_again(rq, flow, here->path, field, problem);
}

const struct problem *
endpoint_login(struct request *rq)
{
    struct flow flow;
    const struct problem *problem;

    if (param(rq, "tx") == NULL)
        return flow_begin_own(rq);
    problem = flow_open(rq, &flow);
    return problem != NULL ? problem : show(rq, &flow);
}

struct login_submission {
    struct flow flow;
    struct password_login login;
};

static const struct problem *
submission_end(struct request *rq, void *state)
{
    struct login_submission *submission = state;
    struct proof proof;
    const struct problem *problem = password_login_end(rq->ctx, &submission->login, &proof);

    if (problem != NULL)
        return show_again(rq, &submission->flow, NULL, problem);
    return way_log_in(rq, &submission->flow, here, &proof);
}

const struct problem *
endpoint_login_submit(struct request *rq)
{
    struct login_submission *submission = arena_alloc(rq->arena, sizeof(*submission));
    struct flow *flow = &submission->flow;
    const char *typed = param(rq, "phone");
    const char *password = param(rq, "password");
    struct mistakes wrong = { .count = 0 };
    struct login_name name;
    const struct problem *problem = flow_open_form(rq, flow);

    if (problem != NULL)
        return problem;
    mistake_add(&wrong, "phone",
                login_name_check(rq->arena, typed != NULL ? typed : "",
                                 time_beijing_date(rq->ctx->now), &name));
    if (text_is_empty(password))
        mistake_add(&wrong, "password", &problem_password_missing);
    if (wrong.count > 0)
        return flow_show_mistakes(rq, flow, here->path, &wrong);
    problem = password_login_begin(rq->ctx, &name, password, &submission->login);
    if (problem != NULL)
        return show_again(rq, flow, NULL, problem);
    return request_ask(rq, &ask_password_check, &submission->login.check, submission_end,
                       submission);
}
