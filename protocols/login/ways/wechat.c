/* SPDX-License-Identifier: Apache-2.0 */
/* GET /login/wechat: by the official account, inside WeChat. GET /login/wechat/qr: by a QR code, on
 * other pages. GET /login/wechat/callback: WeChat sends her back to us. */
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/person/wechat_ask.h"
#include "idp/tables/spent.h"
#include "keys/seal.h"
#include "protocols/endpoints.h"
#include "protocols/flow/binding.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/login/ways/ways.h"

#define CALLBACK "/login/wechat/callback"
#define STATE_COOKIE "wechat_"
#define STATE_BYTES 16
#define STATE_LIFE_S 600 /* WeChat's code is good for five minutes, its QR code for ten */
#define STATES_MAX 3     /* of one browser at a time */
#define COOKIE_BYTES 3800
#define CONTEXT "wechat.state.1"

/* What this browser was sent to WeChat for. Its name is the state that WeChat gives back. */
struct wechat_visit {
    const char *state;
    const char *tx; /* sealed */
    int64_t app;    /* enum wechat_app */
    int64_t whole;  /* with her unionid */
    unix_s at;
};

static const struct pack_field fields[] = {
    PACKED_TEXT(struct wechat_visit, state), PACKED_TEXT(struct wechat_visit, tx),
    PACKED_INT(struct wechat_visit, app),    PACKED_INT(struct wechat_visit, whole),
    PACKED_INT(struct wechat_visit, at),     PACKED_END,
};

static const struct way *
way_of(enum wechat_app app)
{
    return &ways[app == WECHAT_OPEN ? WAY_WECHAT_QR : WAY_WECHAT];
}

static const char *
cookie_of(struct request *rq, const char *state)
{
    return arena_printf(rq->arena, STATE_COOKIE "%s", state);
}

/* --- There --- */

/* Who goes there again and again has a few visits open, not many. */
static void
states_bound(struct request *rq)
{
    const char *names[STATES_MAX];
    size_t count = cookie_names(rq, STATE_COOKIE, names, STATES_MAX);

    if (count < STATES_MAX)
        return;
    for (size_t i = 0; i < count; i++)
        cookie_clear(rq, cookie_of(rq, names[i]));
}

static enum err
state_make(struct request *rq, struct wechat_visit *visit)
{
    uint8_t bytes[STATE_BYTES];
    enum err err = env_random(rq->ctx->env, bytes, sizeof(bytes));

    if (err == OK)
        visit->state = hex_encode(rq->arena, bytes_of(bytes, sizeof(bytes)));
    return err;
}

static const struct problem *
wechat_visit_keep(struct request *rq, const struct wechat_visit *visit)
{
    const char *sealed;
    enum err err = seal_text(
        &rq->ctx->keys->seal, rq->ctx->env, rq->arena, CONTEXT,
        pack(rq->arena, fields, rq->ctx->settings->upgrade.sealed_layout, visit), &sealed);

    if (err != OK)
        return problem_of(err);
    if (strlen(sealed) > COOKIE_BYTES) /* a partner asked for very much at once */
        return &problem_too_much;
    states_bound(rq);
    cookie_set(rq, cookie_of(rq, visit->state), sealed, STATE_LIFE_S);
    return NULL;
}

static const struct problem *
send_there(struct request *rq, const struct flow *flow, enum wechat_app app, bool whole)
{
    struct wechat_visit visit = { .tx = flow->sealed, .app = app, .whole = whole, .at = rq->now };
    const char *back = arena_printf(rq->arena, "%s" CALLBACK, rq->ctx->settings->server.issuer);
    const struct problem *problem = problem_of(state_make(rq, &visit));

    if (problem == NULL)
        problem = wechat_visit_keep(rq, &visit);
    if (problem != NULL)
        return problem;
    return respond_redirect(rq, wechat_authorize_url(rq->ctx->services->wechat, rq->arena, app,
                                                     whole, back, visit.state));
}

static const struct problem *
begin(struct request *rq, enum wechat_app app)
{
    struct flow flow;
    const struct problem *problem;

    if (param(rq, "tx") == NULL)
        return flow_begin_own(rq);
    problem = flow_open(rq, &flow);
    if (problem == NULL)
        problem = way_check(rq, way_of(app));
    return problem != NULL ? problem : send_there(rq, &flow, app, app == WECHAT_OPEN);
}

const struct problem *
endpoint_login_wechat(struct request *rq)
{
    return begin(rq, WECHAT_OFFICIAL);
}

const struct problem *
endpoint_login_wechat_qr(struct request *rq)
{
    return begin(rq, WECHAT_OPEN);
}

/* --- And back --- */

struct coming_back {
    struct wechat_visit visit;
    struct flow flow;
    struct wechat_asking asking;
};

static const struct problem *
state_refused(struct request *rq)
{
    audit_note(rq->ctx,
               &(struct audit_record) { .event = AUDIT_EXTERNAL_REJECTED, .reason = "state" });
    return &problem_wechat_state;
}

/* The state is this browser's, for it alone has the cookie. */
static const struct problem *
wechat_visit_find(struct request *rq, struct wechat_visit *out)
{
    const char *state = param(rq, "state");
    const char *sealed = NULL;
    struct bytes plain;

    if (state != NULL && strlen(state) == (size_t)2 * STATE_BYTES &&
        strspn(state, "0123456789abcdef") == strlen(state))
        sealed = cookie_find(rq, cookie_of(rq, state));
    if (sealed == NULL ||
        seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) != OK ||
        unpack(rq->arena, fields, plain, out) != OK || !text_eq(out->state, state) ||
        rq->now - out->at >= STATE_LIFE_S ||
        (out->app != WECHAT_OFFICIAL && out->app != WECHAT_OPEN))
        return state_refused(rq);
    return NULL;
}

/* One row decides who comes back with it, on any number of nodes. */
static const struct problem *
state_spend(struct request *rq, const struct wechat_visit *visit)
{
    struct digest id =
        digest_keyed_texts(&rq->ctx->keys->index, "wechat.state", visit->state, NULL);
    enum err err = store_spent_insert(rq->ctx->store, &id, "", visit->at + STATE_LIFE_S);

    cookie_clear(rq, cookie_of(rq, visit->state));
    return err == ERR_CONFLICT ? state_refused(rq) : problem_of(err);
}

static const struct problem *
tell(struct request *rq, const struct coming_back *back, const struct problem *problem)
{
    return flow_show_again(rq, &back->flow, ways[WAY_PASSWORD].path, NULL, problem);
}

/* WeChat knows her, we do not: she logs in once, and is then asked. */
static const struct problem *
lead_to_bind(struct request *rq, struct coming_back *back, const struct wechat_identity *who,
             bool is_doubtful)
{
    struct binding binding = { .app = who->app,
                               .openid = who->openid,
                               .unionid = who->unionid,
                               .unionid_was_due = who->unionid_was_due,
                               .nickname = back->asking.user.nickname,
                               .number = "",
                               .person_id = "",
                               .is_doubtful = is_doubtful };
    const struct problem *problem = binding_keep(rq, &back->flow.tx, &binding);

    return problem != NULL ? problem : flow_go(rq, &back->flow, "/login/wechat/bind");
}

static const struct problem *
log_in(struct request *rq, struct coming_back *back, const char *person_id)
{
    const struct proof proof = {
        .way = LOGIN_BY_WECHAT, .person_id = person_id, .amr = "wechat", .repeated = false
    };

    return way_log_in(rq, &back->flow, way_of(back->asking.app), &proof);
}

/* The openid alone is nobody's: perhaps her unionid is known of another application. */
static const struct problem *
answered(struct request *rq, void *state)
{
    struct coming_back *back = state;
    struct wechat_identity who;
    struct wechat_found found = { .person_id = NULL };
    const struct problem *problem = wechat_asking_end(rq->ctx, &back->asking, &who);

    if (problem == NULL)
        problem = wechat_recognise(rq->ctx, &who, &found);
    if (problem != NULL) {
        login_count(rq->ctx, LOGIN_BY_WECHAT, LOGIN_FAILED);
        return tell(rq, back, problem);
    }
    if (found.person_id != NULL)
        return log_in(rq, back, found.person_id);
    if (back->visit.whole == 0)
        return send_there(rq, &back->flow, who.app, true);
    if (found.is_doubtful)
        audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_EXTERNAL_REJECTED,
                                                     .reason = "doubtful" });
    return lead_to_bind(rq, back, &who, found.is_doubtful);
}

const struct problem *
endpoint_login_wechat_callback(struct request *rq)
{
    struct coming_back *back = arena_alloc(rq->arena, sizeof(*back));
    const char *code = param(rq, "code");
    const struct problem *problem = wechat_visit_find(rq, &back->visit);

    if (problem == NULL)
        problem = flow_open_kept(rq, back->visit.tx, &back->flow);
    if (problem == NULL)
        problem = way_check(rq, way_of((enum wechat_app)back->visit.app));
    if (problem == NULL)
        problem = state_spend(rq, &back->visit);
    if (problem != NULL)
        return problem;
    if (code == NULL) /* she has said no, there */
        return tell(rq, back, &problem_wechat_declined);
    wechat_asking_begin((enum wechat_app)back->visit.app, code, &back->asking);
    return request_ask(rq, &ask_wechat, &back->asking, answered, back);
}
