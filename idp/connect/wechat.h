/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The WeChat connector: who somebody is to one of our three applications there, and the tokens that
 * an application itself has. What it is told of a person's session with WeChat (access tokens,
 * session_key) stays in here.
 */
#ifndef IDP_CONNECT_WECHAT_H
#define IDP_CONNECT_WECHAT_H

#include "idp/base/env.h"
#include "idp/base/settings.h"
#include "idp/connect/https.h"
#include "idp/connect/wechat_answer.h"

/* Each has an appid of its own, and a person another openid at each. */
enum wechat_app {
    WECHAT_OFFICIAL, /* the official account: pages inside WeChat */
    WECHAT_OPEN,     /* the website application: a QR code on other pages */
    WECHAT_MINI,     /* the mini program */
    WECHAT_APPS
};

struct wechat;

/* Both must outlive it. Where an application has no appid it is not configured. */
must_check enum err wechat_new(const struct settings *settings, struct https *https,
                               struct wechat **out);
void wechat_free(struct wechat *wechat);

bool wechat_is_configured(const struct wechat *wechat, enum wechat_app app);
/* Any of them is. */
bool wechat_is_in_use(const struct wechat *wechat);
/* "" where it is not configured. */
const char *wechat_appid(const struct wechat *wechat, enum wechat_app app);

/*
 * Where the browser is sent to log in: WECHAT_OFFICIAL or WECHAT_OPEN. `whole`: ask the person, and
 * learn her unionid too; of the official account alone it makes a difference. WeChat looks at the
 * order of the parameters. `state`: at most 128 letters and digits.
 */
const char *wechat_authorize_url(const struct wechat *wechat, struct arena *arena,
                                 enum wechat_app app, bool whole, const char *redirect_uri,
                                 const char *state);

/* Who it is, as one of our applications knows her. Texts are "" when WeChat did not say. */
struct wechat_user {
    const char *openid; /* never "" */
    const char *unionid;
    const char *nickname;
    bool
        unionid_was_due; /* with the scope that was asked for WeChat tells it, where there is one */
};

/* A code is good once. WECHAT_DONE alone fills `out`; WECHAT_REFUSED also for a preview of WeChat's
 * making: *is_snapshot says so. Takes at most some 2 × deadline_s. */
enum wechat_outcome wechat_who(struct wechat *wechat, struct arena *arena, enum wechat_app app,
                               const char *code, struct wechat_user *out, bool *is_snapshot);

/* A token of the application itself, or a ticket that it is worth. */
struct wechat_token {
    const char *value;
    int64_t life_s;
};

/* The official account's stable token. `force`: another one than before, at most 20 times a day. */
enum wechat_outcome wechat_token_fetch(struct wechat *wechat, struct arena *arena, bool force,
                                       struct wechat_token *out);

/* The ticket by which pages sign for the JS-SDK. */
enum wechat_outcome wechat_ticket_fetch(struct wechat *wechat, struct arena *arena,
                                        const char *token, struct wechat_token *out);

#endif
