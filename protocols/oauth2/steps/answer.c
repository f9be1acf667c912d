/* SPDX-License-Identifier: Apache-2.0 */
/* The ways out of an authorization request (steps.h). */
#include <string.h>

#include "idp/base/text.h"
#include "protocols/flow/transactions.h"
#include "protocols/http/browser_state.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/steps/steps.h"
#include "protocols/pages/page.h"

/* Response parameters in the order they are sent; NULL values are left out. */
struct answer {
    const char *name;
    const char *value;
};

#define ANSWER_MAX 6

/* Session Management 1.0, 2: with each answer that tells of a login; not of staff's, whose browser
 * keeps nothing of it where the frame could look. */
static enum err
session_state(struct authorization *az, const char *code, const char **out)
{
    *out = NULL;
    if (code == NULL || az->rq->at_staff || !text_list_has(az->scope, "openid"))
        return OK;
    browser_state_keep(az->rq, az->session.row.sid);
    return session_state_for(az->rq, az->partner->profile.partner_id, asked(az, "redirect_uri"),
                             az->session.row.sid, out);
}

static enum err
answer_make(struct authorization *az, const char *code, const struct problem *problem,
            struct answer out[static ANSWER_MAX])
{
    const char *state = NULL;
    enum err err = session_state(az, code, &state);
    const struct answer answer[ANSWER_MAX] = {
        { "code", code },
        { "error", problem != NULL ? problem->code : NULL },
        { "error_description", problem != NULL ? problem_text(problem, LANGUAGE_EN) : NULL },
        { "state", az->state != NULL ? az->state : asked(az, "state") },
        { "iss", az->rq->ctx->settings->server.issuer },
        { "session_state", state },
    };

    memcpy(out, answer, sizeof(answer));
    return err;
}

/* Behind a # it stays in the browser: no server of the partner's reads it (OAuth 2.0 Multiple
 * Response Type Encoding Practices, 2.1). A registered address has no # of its own. */
static char
first_separator(const struct authorization *az, const char *redirect_uri)
{
    if (text_eq(az->response_mode, "fragment"))
        return '#';
    return strchr(redirect_uri, '?') != NULL ? '&' : '?';
}

static const struct problem *
answer_by_link(struct authorization *az, const struct answer answer[static ANSWER_MAX])
{
    struct buf location = buf_new(az->rq->arena, 1024);
    const char *redirect_uri = asked(az, "redirect_uri");
    char separator = first_separator(az, redirect_uri);

    buf_text(&location, redirect_uri);
    for (size_t i = 0; i < ANSWER_MAX; i++) {
        if (answer[i].value == NULL)
            continue;
        buf_char(&location, separator);
        separator = '&';
        buf_text(&location, answer[i].name);
        buf_char(&location, '=');
        buf_url(&location, answer[i].value);
    }
    return respond_redirect(az->rq, location.at);
}

/* OAuth 2.0 Form Post Response Mode: a page that posts itself, and has a button
 * where scripts do not run. */
static const struct problem *
answer_by_form_post(struct authorization *az, const struct answer answer[static ANSWER_MAX])
{
    struct page *page = page_new(az->rq, "form_post", WORD_form_post_title);
    const char *redirect_uri = asked(az, "redirect_uri");

    page_text(page, "action", redirect_uri);
    page_text(page, "partner_name", partner_name(az->partner, az->rq->language));
    for (size_t i = 0; i < ANSWER_MAX; i++) {
        struct page *row;

        if (answer[i].value == NULL)
            continue;
        row = page_row(page, "fields");
        page_text(row, "name", answer[i].name);
        page_text(row, "value", answer[i].value);
    }
    page_allow_form_target(page, redirect_uri);
    page_allow_own_script(page);
    return page_answer(az->rq, 200, page);
}

const struct problem *
authorization_answer(struct authorization *az, const char *code, const struct problem *problem)
{
    struct answer answer[ANSWER_MAX];
    enum err err;

    if (az->flow.cookie != NULL) /* it is over: its cookie has done its work */
        cookie_clear(az->rq, transaction_cookie_name(az->rq, &az->flow.tx));
    respond_tells(az->rq, problem);
    err = answer_make(az, code, problem, answer);
    if (err != OK)
        return problem_of(err);
    if (text_eq(az->response_mode, "form_post"))
        return answer_by_form_post(az, answer);
    return answer_by_link(az, answer);
}

const struct problem *
authorization_refuse(struct authorization *az, const struct problem *problem)
{
    if (!az->may_redirect)
        return problem;
    /*
     * Before any login, a partner that we do not trust with redirects could bounce browsers off us
     * (RFC 9700, 4.11.2). A sandbox's page says what is wrong.
     */
    if (!az->partner->profile.redirect_errors && !az->session.live)
        return az->rq->ctx->settings->errors.explain ? problem : &problem_redirect_to_untrusted;
    return authorization_answer(az, NULL, problem);
}

const struct problem *
authorization_divert(struct authorization *az, const char *path)
{
    struct flow *flow = &az->flow;
    const struct problem *problem;

    flow->tx.outcome = OUTCOME_NONE;
    problem = flow->sealed == NULL ? flow_begin(az->rq, flow) : flow_reseal(az->rq, flow);
    return problem != NULL ? problem : flow_go(az->rq, flow, path);
}
