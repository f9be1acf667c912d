/* SPDX-License-Identifier: Apache-2.0 */
/* A browser inside WeChat, and one outside of it: WeChat's pages are played here, its answers come
 * from the simulator. Whoever includes this includes tests/world_sims.h too. */
#ifndef TESTS_PROTOCOLS_LOGIN_WECHAT_KIT_H
#define TESTS_PROTOCOLS_LOGIN_WECHAT_KIT_H

#include <stdatomic.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/world_sims.h"

#define CALLBACK "/login/wechat/callback"
#define MINI_GRANT "urn:hrss:params:oauth:grant-type:wechat-code"

/* A code is good once, and the simulator lives as long as the program. */
static inline const char *
once(struct world *w, const char *code)
{
    static int count;

    return arena_printf(w->arena, "%s-%d", code, ++count);
}

/* "ok-1" with the scope that WeChat was asked for. */
static inline const char *
code_of(struct world *w, const char *who, bool whole)
{
    return once(w, arena_printf(w->arena, "%s-%s", who, whole ? "userinfo" : "base"));
}

/* At the partner's login page: the transaction. */
static inline const char *
wechat_arrive(struct world *w, const char *partner_id)
{
    world_authorize(w, partner_id, "");
    assert_int_equal(w->answer.status, 303);
    return arena_text(w->arena, world_location_param(w, "tx"));
}

/* Of the address of WeChat's that we are sent to. */
static inline const char *
state_sent(struct world *w)
{
    const char *sent = world_location_param(w, "state");

    assert_non_null(sent);
    return arena_copy(w->arena, sent, strcspn(sent, "#"));
}

/* On to WeChat; the state. */
static inline const char *
wechat_go_there(struct world *w, const char *way, const char *tx)
{
    world_get(w, arena_printf(w->arena, "%s?tx=%s", way, tx));
    assert_int_equal(w->answer.status, 303);
    assert_non_null(strstr(world_header(w, "Location"), "/connect/"));
    return state_sent(w);
}

static inline void
wechat_come_back(struct world *w, const char *state, const char *code)
{
    world_get(w, arena_printf(w->arena, CALLBACK "?code=%s&state=%s", code, state));
}

/* Are we sent there once more, to be told the unionid too? */
static inline bool
is_sent_again(struct world *w)
{
    const char *location = world_header(w, "Location");

    return location != NULL && strstr(location, "scope=snsapi_userinfo") != NULL;
}

/* By the official account, as whom the codes are of; the last answer is ours. */
static inline void
official_login_of(struct world *w, const char *tx, const char *who)
{
    const char *state = wechat_go_there(w, "/login/wechat", tx);

    wechat_come_back(w, state, code_of(w, who, false));
    if (is_sent_again(w))
        wechat_come_back(w, state_sent(w), code_of(w, who, true));
}

static inline void
official_login(struct world *w, const char *who)
{
    official_login_of(w, wechat_arrive(w, "wechathall"), who);
}

static inline void
open_login(struct world *w, const char *who)
{
    const char *state = wechat_go_there(w, "/login/wechat/qr", wechat_arrive(w, "webhall"));

    wechat_come_back(w, state, once(w, who));
}

static inline bool
leads_to(struct world *w, const char *path)
{
    const char *location = world_header(w, "Location");

    return w->answer.status == 303 && location != NULL &&
           strncmp(location, path, strlen(path)) == 0 && location[strlen(path)] == '?';
}

/* From the page that asks for a login to the one that asks whether to bind. */
static inline void
log_in_to_bind(struct world *w, int n)
{
    const char *link;

    world_person(w, n);
    assert_true(leads_to(w, "/login/wechat/bind"));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    link = strstr(w->answer.body, "/login?tx=");
    world_get(w, arena_copy(w->arena, link, strcspn(link, "\"")));
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(n), world_url(w, WORLD_PASSWORD));
    assert_true(leads_to(w, "/login/wechat/confirm"));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
}

static inline void
confirm(struct world *w, const char *decision)
{
    world_form_post(w, "/login/wechat/confirm", "tx=%s&csrf=%s&decision=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), decision);
}

/* Person n has bound the WeChat of `who` ("ok-1") by the official account, and is logged in. */
static inline void
bind_official(struct world *w, const char *who, int n)
{
    official_login(w, who);
    log_in_to_bind(w, n);
    confirm(w, "bind");
    assert_true(leads_to(w, "/oauth2/authorize/resume"));
}

/* Another browser. */
static inline void
new_browser(struct world *w)
{
    w->cookies = 0;
}

/* Whose session the browser has; NULL: nobody's. */
static inline const char *
logged_in(struct world *w, struct session *out)
{
    struct ctx ctx = world_ctx(w);

    world_must(session_load(&ctx, world_cookie(w, "__Host-session"), out), "no session");
    return out->live ? out->row.subject.id : NULL;
}

static inline void
mini_asks(struct world *w, const char *code, const char *more)
{
    world_partner_post(w, "mini", "/oauth2/token",
                       "grant_type=" MINI_GRANT "&scope=openid%%20profile&js_code=%s%s", code,
                       more);
}

/* The page that the mini program was told to open, as a path of ours. */
static inline const char *
bind_page(struct world *w)
{
    return world_json(w, "bind_uri") + strlen(WORLD_ISSUER);
}

#endif
