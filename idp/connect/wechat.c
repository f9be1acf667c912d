/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/wechat.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "idp/base/emit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/connect/connector.h"

#define ANSWER_MAX_BYTES 8192
#define TRIES 3 /* of a call that WeChat is too busy for */
#define PAUSE_NS 100000000L

struct wechat {
    const struct settings *settings;
    struct https *https;
    struct connector connector;
};

enum err
wechat_new(const struct settings *settings, struct https *https, struct wechat **out)
{
    struct wechat *wechat = calloc(1, sizeof(*wechat));

    if (wechat == NULL)
        return ERR_INTERNAL;
    *wechat = (struct wechat) { .settings = settings, .https = https };
    connector_init(&wechat->connector, "wechat", METRIC_CONNECTOR_WECHAT,
                   settings->wechat.max_in_flight);
    *out = wechat;
    return OK;
}

void
wechat_free(struct wechat *wechat)
{
    if (wechat == NULL)
        return;
    connector_end(&wechat->connector);
    free(wechat);
}

const char *
wechat_appid(const struct wechat *wechat, enum wechat_app app)
{
    const struct settings *settings = wechat->settings;
    const char *const appids[WECHAT_APPS] = { settings->wechat.official_appid,
                                              settings->wechat.open_appid,
                                              settings->wechat.mini_appid };

    return appids[app] != NULL ? appids[app] : "";
}

static const char *
secret_of(const struct wechat *wechat, enum wechat_app app)
{
    const struct settings *settings = wechat->settings;
    const char *const secrets[WECHAT_APPS] = { settings->wechat.official_secret,
                                               settings->wechat.open_secret,
                                               settings->wechat.mini_secret };

    return secrets[app];
}

bool
wechat_is_configured(const struct wechat *wechat, enum wechat_app app)
{
    return *wechat_appid(wechat, app) != '\0';
}

bool
wechat_is_in_use(const struct wechat *wechat)
{
    return wechat_is_configured(wechat, WECHAT_OFFICIAL) ||
           wechat_is_configured(wechat, WECHAT_OPEN) || wechat_is_configured(wechat, WECHAT_MINI);
}

const char *
wechat_authorize_url(const struct wechat *wechat, struct arena *arena, enum wechat_app app,
                     bool whole, const char *redirect_uri, const char *state)
{
    const char *scope = app == WECHAT_OPEN ? "snsapi_login"
                        : whole            ? "snsapi_userinfo"
                                           : "snsapi_base";
    struct buf query = buf_new(arena, 512);

    https_form_put(&query, "appid", wechat_appid(wechat, app));
    https_form_put(&query, "redirect_uri", redirect_uri);
    https_form_put(&query, "response_type", "code");
    https_form_put(&query, "scope", scope);
    https_form_put(&query, "state", state);
    return arena_printf(arena, "%s%s?%s#wechat_redirect", wechat->settings->wechat.page_url,
                        app == WECHAT_OPEN ? "/connect/qrconnect" : "/connect/oauth2/authorize",
                        query.at);
}

/* --- One call --- */

struct wechat_call {
    const char *name; /* for the log; an address would tell the secret */
    const char *path;
    const char *query;
    const char *json; /* of a POST; NULL: GET */
    bool with_secret;
};

/* An operator must look at these. */
static void
alarm_raise(const struct wechat_call *call, enum wechat_outcome outcome, int64_t code)
{
    log_line(LOG_ERROR, "wechat.alarm", log_text("call", call->name),
             log_text("outcome", wechat_outcome_name(outcome)), log_int("code", code));
}

static void
outcome_tell(const struct wechat_call *call, enum wechat_outcome outcome, int64_t code)
{
    static const enum metric metrics[] = {
        [WECHAT_UNKNOWN] = METRIC_WECHAT_UNKNOWN,
        [WECHAT_DONE] = METRIC_WECHAT_OK,
        [WECHAT_BUSY] = METRIC_WECHAT_BUSY,
        [WECHAT_CODE_BAD] = METRIC_WECHAT_CODE,
        [WECHAT_TOKEN_BAD] = METRIC_WECHAT_CODE,
        [WECHAT_UNLINKED] = METRIC_WECHAT_CODE,
        [WECHAT_REFUSED] = METRIC_WECHAT_REFUSED,
        [WECHAT_LIMITED] = METRIC_WECHAT_LIMITED,
        [WECHAT_MISCONFIGURED] = METRIC_WECHAT_ALARMS,
        [WECHAT_FAULT] = METRIC_WECHAT_ALARMS,
    };

    metric_add(metrics[outcome], 1);
    if (outcome == WECHAT_MISCONFIGURED || outcome == WECHAT_FAULT)
        alarm_raise(call, outcome, code);
    else if (outcome != WECHAT_DONE)
        log_line(LOG_WARN, "wechat.refused", log_text("call", call->name),
                 log_text("outcome", wechat_outcome_name(outcome)), log_int("code", code));
}

static enum err
call_sent(struct wechat *wechat, struct arena *arena, const struct wechat_call *call,
          struct https_answer *out)
{
    const struct settings *settings = wechat->settings;
    const char *mark = *call->query != '\0' ? "?" : "";
    const struct https_request request = {
        .method = call->json != NULL ? "POST" : "GET",
        .url = arena_printf(arena, "%s%s%s%s", settings->wechat.api_url, call->path, mark,
                            call->query),
        .trust = TRUST_CONFIGURED,
        .content_type = call->json != NULL ? "application/json" : NULL,
        .body = bytes_of_text(call->json != NULL ? call->json : ""),
        .deadline_s = settings->wechat.deadline_s,
        .max_answer_bytes = ANSWER_MAX_BYTES,
    };

    return https_call(wechat->https, arena, &request, out);
}

/* Whatever WeChat says, it is in health; only silence and 5xx count towards the breaker. */
static enum wechat_outcome
call_once(struct wechat *wechat, struct arena *arena, const struct wechat_call *call,
          struct wechat_answer *out)
{
    struct https_answer answer;
    struct held held;
    int64_t started_us = mono_us();
    enum err err = connector_enter(&wechat->connector);

    if (err != OK)
        return WECHAT_BUSY;
    hold_begin(&held, connector_release, &wechat->connector);
    err = call_sent(wechat, arena, call, &answer);
    hold_end(&held);
    connector_leave(&wechat->connector, err == ERR_INVALID || (err == OK && answer.status < 500));
    metric_seconds(METRIC_WECHAT_SECONDS, mono_us() - started_us);
    if (err == ERR_UNAVAILABLE)
        return WECHAT_BUSY;
    if (err != OK || answer.status != 200)
        return WECHAT_UNKNOWN;
    return wechat_answer_read(arena, answer.body, call->with_secret, out);
}

/* WeChat says of itself that it is busy, so nothing has been used up. */
static enum wechat_outcome
ask(struct wechat *wechat, struct arena *arena, const struct wechat_call *call,
    struct wechat_answer *out)
{
    int64_t until_us = mono_us() + wechat->settings->wechat.deadline_s * 1000000;
    enum wechat_outcome outcome;
    int tries = 0;

    do {
        if (tries > 0)
            nanosleep(&(struct timespec) { .tv_nsec = PAUSE_NS * tries }, NULL);
        *out = (struct wechat_answer) { .code = 0 };
        outcome = call_once(wechat, arena, call, out);
        outcome_tell(call, outcome, out->code);
    } while (outcome == WECHAT_BUSY && out->code != 0 && ++tries < TRIES && mono_us() < until_us);
    return outcome;
}

/* --- Who somebody is --- */

/* The order of the parameters is WeChat's. */
static const char *
exchange_query(struct wechat *wechat, struct arena *arena, enum wechat_app app, const char *code)
{
    struct buf query = buf_new(arena, 512);

    https_form_put(&query, "appid", wechat_appid(wechat, app));
    https_form_put(&query, "secret", secret_of(wechat, app));
    https_form_put(&query, app == WECHAT_MINI ? "js_code" : "code", code);
    https_form_put(&query, "grant_type", "authorization_code");
    return query.at;
}

/* Her name, so that the page can show her which WeChat it is, and the unionid where only this call
 * tells it. Without an answer what is known already is enough. */
static void
name_ask(struct wechat *wechat, struct arena *arena, const struct wechat_answer *exchanged,
         struct wechat_user *user)
{
    struct buf query = buf_new(arena, 512);
    struct wechat_answer answer;

    https_form_put(&query, "access_token", exchanged->token);
    https_form_put(&query, "openid", exchanged->openid);
    https_form_put(&query, "lang", "zh_CN");
    if (ask(wechat, arena,
            &(struct wechat_call) { "userinfo", "/sns/userinfo", query.at, NULL, false },
            &answer) != WECHAT_DONE ||
        !text_eq(answer.openid, user->openid))
        return;
    user->nickname = answer.nickname;
    if (*user->unionid == '\0')
        user->unionid = answer.unionid;
}

static bool
tells_more(const struct wechat_answer *answer)
{
    return strstr(answer->scope, "snsapi_userinfo") != NULL ||
           strstr(answer->scope, "snsapi_login") != NULL;
}

enum wechat_outcome
wechat_who(struct wechat *wechat, struct arena *arena, enum wechat_app app, const char *code,
           struct wechat_user *out, bool *is_snapshot)
{
    const bool mini = app == WECHAT_MINI;
    const struct wechat_call exchange = {
        .name = mini ? "jscode2session" : "access_token",
        .path = mini ? "/sns/jscode2session" : "/sns/oauth2/access_token",
        .query = exchange_query(wechat, arena, app, code),
        .with_secret = true,
    };
    struct wechat_answer answer;
    enum wechat_outcome outcome = ask(wechat, arena, &exchange, &answer);

    *is_snapshot = outcome == WECHAT_DONE && answer.is_snapshot;
    if (outcome != WECHAT_DONE || answer.is_snapshot)
        return answer.is_snapshot && outcome == WECHAT_DONE ? WECHAT_REFUSED : outcome;
    if (*answer.openid == '\0')
        return WECHAT_UNKNOWN;
    *out = (struct wechat_user) { .openid = answer.openid,
                                  .unionid = answer.unionid,
                                  .nickname = "",
                                  .unionid_was_due = mini || tells_more(&answer) };
    if (tells_more(&answer) && *answer.token != '\0')
        name_ask(wechat, arena, &answer, out);
    return WECHAT_DONE;
}

/* --- The application's own tokens --- */

static enum wechat_outcome
token_of(enum wechat_outcome outcome, const struct wechat_answer *answer, struct wechat_token *out)
{
    if (outcome != WECHAT_DONE)
        return outcome;
    if (*answer->token == '\0' || answer->expires_in_s == 0)
        return WECHAT_UNKNOWN;
    *out = (struct wechat_token) { answer->token, answer->expires_in_s };
    metric_add(METRIC_WECHAT_TOKENS, 1);
    return WECHAT_DONE;
}

enum wechat_outcome
wechat_token_fetch(struct wechat *wechat, struct arena *arena, bool force, struct wechat_token *out)
{
    struct buf json = buf_new(arena, 256);
    struct wechat_answer answer;

    emit_object(&json, NULL);
    emit_text(&json, "grant_type", "client_credential");
    emit_text(&json, "appid", wechat_appid(wechat, WECHAT_OFFICIAL));
    emit_text(&json, "secret", secret_of(wechat, WECHAT_OFFICIAL));
    emit_bool(&json, "force_refresh", force);
    emit_object_end(&json);
    return token_of(
        ask(wechat, arena,
            &(struct wechat_call) { "stable_token", "/cgi-bin/stable_token", "", json.at, true },
            &answer),
        &answer, out);
}

enum wechat_outcome
wechat_ticket_fetch(struct wechat *wechat, struct arena *arena, const char *token,
                    struct wechat_token *out)
{
    struct buf query = buf_new(arena, 1024);
    struct wechat_answer answer;

    https_form_put(&query, "access_token", token);
    https_form_put(&query, "type", "jsapi");
    return token_of(ask(wechat, arena,
                        &(struct wechat_call) { "getticket", "/cgi-bin/ticket/getticket", query.at,
                                                NULL, false },
                        &answer),
                    &answer, out);
}
