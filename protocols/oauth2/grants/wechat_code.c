/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=urn:hrss:params:oauth:grant-type:wechat-code: a mini program's js_code (docs/adr/0044). */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/person/wechat_ask.h"
#include "idp/session/apart.h"
#include "idp/session/mini_ticket.h"
#include "policies/scope.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/grants/grants.h"

struct mini_login {
    const char *scope;
    struct wechat_asking asking;
};

/* It is no refusal: she has to say something first, on a page of ours. */
static const struct problem *
answer_page(struct request *rq, const struct mini_login *login, const struct wechat_identity *who,
            bool is_doubtful)
{
    const struct problem *told = &problem_wechat_not_bound;
    struct mini_ticket ticket = { .partner_id = rq->partner->profile.partner_id,
                                  .scope = login->scope,
                                  .openid = who->openid,
                                  .unionid = who->unionid,
                                  .is_doubtful = is_doubtful };
    struct buf json = buf_new(rq->arena, 1024);
    const char *text;
    enum err err = mini_ticket_issue(rq->ctx, &ticket, &text);

    if (err != OK)
        return problem_of(err);
    emit_object(&json, NULL);
    emit_text(&json, "error", told->code);
    emit_text(&json, "error_description", problem_text(told, LANGUAGE_EN));
    emit_text(&json, "bind_uri",
              arena_printf(rq->arena, "%s/login/wechat/mini?ticket=%s",
                           rq->ctx->settings->server.issuer, text));
    emit_text(&json, "bind_number", ticket.number);
    emit_int(&json, "expires_in", MINI_TICKET_LIFE_S);
    emit_object_end(&json);
    respond_tells(rq, told);
    return respond_json(rq, told->status, &json);
}

/* WeChat gives a js_code once, so nothing of ours is used up. */
static enum err
take_nothing(struct ctx *ctx, void *state)
{
    (void)ctx;
    (void)state;
    return OK;
}

static const struct problem *
answer_login(struct request *rq, const struct mini_login *login, const char *person_id)
{
    const bool binds = rq->partner->is_public && rq->proof_key != NULL;
    const struct proof proof = { .way = LOGIN_BY_WECHAT, .person_id = person_id, .amr = "wechat" };
    const struct apart apart = { .proof = &proof,
                                 .partner = rq->partner,
                                 .scope = login->scope,
                                 .claims = "",
                                 .bound_key = binds ? rq->proof_key : "",
                                 .take = take_nothing };
    struct stored_grant grant;
    enum err err = apart_begin(rq->ctx, &apart, &grant);

    if (err == ERR_REFUSED)
        return &problem_account_stopped;
    if (err == ERR_FULL)
        return &problem_limit_reached;
    if (err != OK)
        return problem_of(err);
    return answer_grant(rq, &grant);
}

static const struct problem *
answered(struct request *rq, void *state)
{
    struct mini_login *login = state;
    struct wechat_identity who;
    struct wechat_found found = { .person_id = NULL };
    bool covered = false;
    const struct problem *problem = wechat_asking_end(rq->ctx, &login->asking, &who);
    enum err err = OK;

    if (problem == NULL)
        problem = wechat_recognise(rq->ctx, &who, &found);
    if (problem != NULL) {
        login_count(rq->ctx, LOGIN_BY_WECHAT, LOGIN_FAILED);
        return problem;
    }
    if (found.person_id != NULL)
        err = consent_covers(rq->ctx, rq->partner, found.person_id, login->scope, &covered);
    if (err != OK)
        return problem_of(err);
    return covered ? answer_login(rq, login, found.person_id)
                   : answer_page(rq, login, &who, found.is_doubtful);
}

/* What says who she is comes from WeChat: an openid or unionid that a client sends is not read. */
const struct problem *
grant_wechat_code(struct request *rq)
{
    const struct partner_profile *profile = &rq->partner->profile;
    const struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const char *asked = param(rq, "scope");
    struct mini_login *login = arena_alloc(rq->arena, sizeof(*login));
    const struct problem *problem;

    if (!wechat_is_configured(rq->ctx->services->wechat, WECHAT_MINI))
        return &problem_grant_type_unsupported;
    if (!text_eq(profile->channel, "wechat"))
        return &problem_grant_type_not_allowed;
    if (param(rq, "encryptedData") != NULL || param(rq, "iv") != NULL)
        return &problem_wechat_data_unused;
    if (param(rq, "js_code") == NULL)
        return &problem_wechat_code_missing;
    problem = scope_check(rq->arena, asked != NULL ? asked : "openid", &bounds, &login->scope);
    if (problem != NULL)
        return problem;
    wechat_asking_begin(WECHAT_MINI, param(rq, "js_code"), &login->asking);
    return request_ask(rq, &ask_wechat, &login->asking, answered, login);
}
