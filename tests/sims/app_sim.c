/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app_sim --port N --issuer URL [--base-url URL --redirect-uri URI --page-partner ID --scope WORDS --ca FILE]: a
 * telephone with two apps of one vendor: public partners with a loopback redirect, PKCE and tokens bound to their keys; the second is in
 * without a page (Native SSO), a partner's page opens by a ticket, one logout ends all. It is one telephone, whoever looks at it.
 *
 * GET / is its screen, GET /callback and /bye where the browser comes back to; POST /login /raise /share /agree /open
 * /scan /confirm /cancel /logout are what somebody presses.
 */
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>

#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_app_page.h"
#include "tests/sims/kit_call.h"

struct phone_site {
    pthread_mutex_t lock;
    struct handset phone;
};

static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                             "frame-ancestors 'none'";

struct phone_turn {
    struct handset *phone;
    const struct kit_request *request;
    struct kit_answer *out;
};

static void
lead_to(const struct phone_turn *turn, const char *location)
{
    kit_answer_text(turn->out, 303, "text/plain", "");
    turn->out->location = location;
}

static void
screen_press(const struct phone_turn *turn)
{
    struct buf page = buf_new(turn->request->arena, 16384);

    phone_page(turn->phone, &page);
    kit_answer_text(turn->out, 200, "text/html; charset=utf-8", page.at);
    turn->out->policy = policy;
    if (turn->phone->news != APP_SHARE_ASK && turn->phone->news != APP_SCAN_ASK)
        turn->phone->news = APP_NOTHING;
}

/* A page and not a redirect: the form that began it may lead to this address and no further. */
static void
callback_press(const struct phone_turn *turn)
{
    const char *home = turn->phone->base_url;

    app_login_end(turn->phone, turn->request->arena, turn->request->query);
    kit_answer_text(
        turn->out, 200, "text/html; charset=utf-8",
        arena_printf(turn->request->arena,
                     "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta "
                     "http-equiv=\"refresh\" content=\"0;url=%s/\"><title>手机</title>"
                     "<p><a href=\"%s/\">返回应用 back to the app</a></p></html>",
                     home, home));
    turn->out->policy = policy;
}

static void
bye_press(const struct phone_turn *turn)
{
    lead_to(turn, "/");
}

static void
login_press(const struct phone_turn *turn)
{
    lead_to(turn, app_login_url(turn->phone, turn->request->arena, APP_HALL, false));
}

static void
raise_press(const struct phone_turn *turn)
{
    lead_to(turn, app_login_url(turn->phone, turn->request->arena, APP_HALL, true));
}

static void
agree_press(const struct phone_turn *turn)
{
    lead_to(turn, app_login_url(turn->phone, turn->request->arena, APP_CARD, false));
}

static void
share_press(const struct phone_turn *turn)
{
    app_share(turn->phone, turn->request->arena);
    lead_to(turn, "/");
}

/* What a web view would keep, this browser keeps: cookies know no ports. */
static void
open_press(const struct phone_turn *turn)
{
    const char *location;
    const char *cookie;
    bool opened = turn->phone->apps[APP_HALL].is_in &&
                  app_page_open(turn->phone, turn->request->arena, &location, &cookie);

    lead_to(turn, opened ? location : "/");
    if (opened)
        turn->out->cookie = cookie;
}

static void
scan_press(const struct phone_turn *turn)
{
    const char *text =
        kit_form_value(turn->request->arena, (const char *)turn->request->body.at, "text");

    app_scan(turn->phone, turn->request->arena, text != NULL ? text : "");
    lead_to(turn, "/");
}

static void
confirm_press(const struct phone_turn *turn)
{
    app_scan_answer(turn->phone, turn->request->arena, true);
    lead_to(turn, "/");
}

static void
cancel_press(const struct phone_turn *turn)
{
    app_scan_answer(turn->phone, turn->request->arena, false);
    lead_to(turn, "/");
}

static void
logout_press(const struct phone_turn *turn)
{
    lead_to(turn, app_logout_url(turn->phone, turn->request->arena));
}

static const struct {
    const char *method;
    const char *path;
    void (*press)(const struct phone_turn *turn);
} presses[] = {
    { "GET", "/", screen_press },        { "GET", "/callback", callback_press },
    { "GET", "/bye", bye_press },        { "POST", "/login", login_press },
    { "POST", "/raise", raise_press },   { "POST", "/share", share_press },
    { "POST", "/agree", agree_press },   { "POST", "/open", open_press },
    { "POST", "/scan", scan_press },     { "POST", "/confirm", confirm_press },
    { "POST", "/cancel", cancel_press }, { "POST", "/logout", logout_press },
};

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct phone_site *site = state;
    const struct phone_turn turn = { &site->phone, request, out };

    pthread_mutex_lock(&site->lock);
    for (size_t i = 0; i < sizeof(presses) / sizeof(presses[0]); i++) {
        if (text_eq(request->method, presses[i].method) && text_eq(request->path, presses[i].path))
            presses[i].press(&turn);
    }
    pthread_mutex_unlock(&site->lock);
}

int
main(int argc, char **argv)
{
    static struct phone_site site = { .lock = PTHREAD_MUTEX_INITIALIZER };
    static char base_url[64];
    static char redirect_uri[64];
    struct arena *arena = arena_new(1 << 20);
    int port = kit_argument_int(argv, "--port", 9094);

    (void)argc;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return 1;
    call_trust(kit_argument(argv, "--ca", NULL));
    snprintf(base_url, sizeof(base_url), "http://localhost:%d", port);
    snprintf(redirect_uri, sizeof(redirect_uri), "http://127.0.0.1:%d/callback", port);
    site.phone = (struct handset) {
        .issuer = kit_argument(argv, "--issuer", "http://localhost:9080"),
        .base_url = kit_argument(argv, "--base-url", base_url),
        .redirect_uri = kit_argument(argv, "--redirect-uri", redirect_uri),
        .page_partner = kit_argument(argv, "--page-partner", "webhall"),
        .apps = { { .client_id = "hall-app",
                    .scope = kit_argument(argv, "--scope", "openid profile device_sso"),
                    .key = jose_key_new(arena) },
                  { .client_id = "card-app",
                    .scope = "openid profile",
                    .key = jose_key_new(arena) } },
    };
    return kit_serve(&(struct sim_kit) { .name = "app_sim", .state = &site, .handle = handle },
                     argv, port);
}
