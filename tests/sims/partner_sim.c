/* SPDX-License-Identifier: Apache-2.0 */
/*
 * partner_sim --port N --issuer URL --client-id ID --client-secret S --name-zh NAME --name-en NAME
 * --theme hall|hospital [--scope WORDS] [--base-url URL] [--ca FILE] [--signing-key FILE]: a partner as a real one would be built: authorization code
 * with PKCE, state and nonce, the ID token checked by libjwt, userinfo, logout both ways. Shares no
 * code with the product but its base. With --signing-key it proves itself by that key instead of the secret (private_key_jwt);
 * partner_sim --jwk FILE prints the public half of the key kept there, which is made first.
 *
 * GET / /login /callback /logged-out /language; POST /logout; GET and POST /window scans a card code; POST /backchannel is the provider's;
 * GET /_logins is for whoever watches the demo.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/env.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_acting.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_logins.h"
#include "tests/sims/kit_partner.h"
#include "tests/sims/kit_provider.h"
#include "tests/sims/kit_received.h"
#include "tests/sims/kit_token.h"
#include "tests/sims/kit_window.h"

#define KEY_ARENA_MAX 65536

/* A request with what it needs all the time. */
struct site_turn {
    const struct partner_site *partner;
    const struct kit_request *request;
    struct arena *arena;
    struct kit_answer *answer;
    enum language language;
};

/* --- Answers --- */

/* Cookies know no ports, so the name tells the partners of one machine apart. */
static const char *
cookie_name(const struct site_turn *turn)
{
    return arena_printf(turn->arena, "visit_%s", turn->partner->client_id);
}

static void
browser_keeps(const struct site_turn *turn, const char *name, const char *value)
{
    turn->answer->cookie =
        arena_printf(turn->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax", name, value);
}

static void
answer_redirect(const struct site_turn *turn, const char *to)
{
    kit_answer_text(turn->answer, 303, "text/plain", "");
    turn->answer->location = to;
}

static void
answer_page(const struct site_turn *turn, unsigned status, const struct buf *page)
{
    kit_answer_text(turn->answer, status, "text/html; charset=utf-8", page->at);
}

static void
answer_trouble(const struct site_turn *turn, unsigned status, enum trouble trouble)
{
    struct buf page = buf_new(turn->arena, 8192);

    page_trouble(turn->partner, turn->language, trouble, &page);
    answer_page(turn, status, &page);
}

static const char *
url_of(const struct site_turn *turn, const char *path)
{
    return arena_printf(turn->arena, "%s%s", turn->partner->base_url, path);
}

static const char *
query_value(const struct site_turn *turn, const char *name)
{
    return kit_form_value(turn->arena, turn->request->query, name);
}

static void
pair_put(struct buf *url, const char *name, const char *value)
{
    buf_char(url, strchr(url->at, '?') == NULL ? '?' : '&');
    buf_text(url, name);
    buf_char(url, '=');
    buf_url(url, value);
}

static bool
visit_of_cookie(const struct site_turn *turn, struct visit *out)
{
    *out = (struct visit) { .id = NULL };
    return visit_find(turn->arena, kit_cookie(turn->request, cookie_name(turn)), out);
}

/* --- The provider --- */

static struct expected
expected_of(const struct site_turn *turn, const json_t *jwks)
{
    return (struct expected) {
        .issuer = turn->partner->issuer,
        .client_id = turn->partner->client_id,
        .jwks = jwks,
        .now = env_now(env_machine()),
    };
}

/* --- Login --- */

static struct visit
login_begun(const struct site_turn *turn)
{
    struct visit visit = { .id = visit_secret(turn->arena) };

    visit.texts[VISIT_STATE] = visit_secret(turn->arena);
    visit.texts[VISIT_NONCE] = visit_secret(turn->arena);
    visit.texts[VISIT_VERIFIER] = visit_secret(turn->arena);
    visit.texts[VISIT_ACTING] = query_value(turn, "acting");
    visit_keep(&visit);
    browser_keeps(turn, cookie_name(turn), visit.id);
    return visit;
}

static void
login_answer(const struct site_turn *turn)
{
    json_t *provider = provider_load(turn->arena, turn->partner);
    struct buf url = buf_new(turn->arena, 1024);
    struct visit visit;

    if (provider == NULL) {
        answer_trouble(turn, 502, TROUBLE_PROVIDER);
        return;
    }
    visit = login_begun(turn);
    buf_text(&url, claim_string(provider, "authorization_endpoint"));
    pair_put(&url, "response_type", "code");
    pair_put(&url, "client_id", turn->partner->client_id);
    pair_put(&url, "redirect_uri", url_of(turn, "/callback"));
    pair_put(&url, "scope", turn->partner->scope);
    pair_put(&url, "state", visit.texts[VISIT_STATE]);
    pair_put(&url, "nonce", visit.texts[VISIT_NONCE]);
    pair_put(&url, "code_challenge", visit_challenge(turn->arena, visit.texts[VISIT_VERIFIER]));
    pair_put(&url, "code_challenge_method", "S256");
    pair_put(&url, "ui_locales", languages[turn->language].tag);
    answer_redirect(turn, url.at);
    json_decref(provider);
}

static json_t *
code_exchanged(const struct site_turn *turn, const json_t *provider, const struct visit *visit)
{
    struct buf form = buf_new(turn->arena, 1024);
    struct sim_call call = { .url = claim_string(provider, "token_endpoint") };

    buf_text(&form, "grant_type=authorization_code&code=");
    buf_url(&form, query_value(turn, "code"));
    buf_text(&form, "&redirect_uri=");
    buf_url(&form, url_of(turn, "/callback"));
    buf_text(&form, "&code_verifier=");
    buf_url(&form, visit->texts[VISIT_VERIFIER]);
    partner_proves(turn->arena, turn->partner, &form, &call);
    call.form = form.at;
    return call_json(turn->arena, &call);
}

/* A fresh id, so that nobody who knew the one before the login has a part in it. */
static void
person_enter(const struct site_turn *turn, const json_t *claims, const json_t *userinfo,
             const json_t *tokens, const char *acting)
{
    struct arena *arena = turn->arena;
    struct visit visit = { .id = visit_secret(arena) };
    const char *acr = strrchr(claim_string(claims, "acr"), ':');

    visit.texts[VISIT_SUB] = claim_string(claims, "sub");
    visit.texts[VISIT_SID] = claim_string(claims, "sid");
    visit.texts[VISIT_ID_TOKEN] = claim_string(tokens, "id_token");
    if (acting != NULL)
        visit.texts[VISIT_ACTING] =
            acting_exchanged(arena, turn->partner, claim_string(tokens, "access_token"), acting);
    visit.texts[VISIT_LOGIN_LEVEL] =
        acr != NULL && acr[1] == 'l' ? arena_printf(arena, "L%s", acr + 2) : "";
    visit.texts[VISIT_LOGIN_TIME] =
        received_time(arena, json_integer_value(json_object_get(claims, "auth_time")));
    visit.texts[VISIT_NAME] = claim_string(userinfo, "name");
    visit.texts[VISIT_CSRF] = visit_secret(arena);
    received_keep(arena, userinfo, &visit);
    visit_keep(&visit);
    browser_keeps(turn, cookie_name(turn), visit.id);
}

/* True when the tokens hold and the person is in. */
static bool
tokens_accepted(const struct site_turn *turn, const json_t *provider, const json_t *tokens,
                const struct visit *begun)
{
    json_t *jwks = provider_keys(turn->arena, provider);
    struct expected expected = expected_of(turn, jwks);
    json_t *claims = id_token_claims(turn->arena, claim_string(tokens, "id_token"), &expected,
                                     begun->texts[VISIT_NONCE]);
    json_t *userinfo = NULL;
    bool good = false;

    if (claims != NULL)
        userinfo = call_json(
            turn->arena, &(struct sim_call) { .url = claim_string(provider, "userinfo_endpoint"),
                                              .bearer = claim_string(tokens, "access_token") });
    /* Userinfo must be of the same person (Core 5.3.2). */
    if (userinfo != NULL && text_eq(claim_string(userinfo, "sub"), claim_string(claims, "sub"))) {
        person_enter(turn, claims, userinfo, tokens, begun->texts[VISIT_ACTING]);
        logins_note(turn->arena, turn->partner, tokens, userinfo);
        good = true;
    }
    json_decref(userinfo);
    json_decref(claims);
    json_decref(jwks);
    return good;
}

static void
code_answer(const struct site_turn *turn, const struct visit *visit)
{
    json_t *provider = provider_load(turn->arena, turn->partner);
    json_t *tokens = provider != NULL ? code_exchanged(turn, provider, visit) : NULL;

    if (tokens != NULL && tokens_accepted(turn, provider, tokens, visit))
        answer_redirect(turn, "/");
    else
        answer_trouble(turn, 502, provider != NULL ? TROUBLE_LOGIN : TROUBLE_PROVIDER);
    json_decref(tokens);
    json_decref(provider);
}

static void
callback_answer(const struct site_turn *turn)
{
    const char *error = query_value(turn, "error");
    struct visit visit;

    if (!visit_of_cookie(turn, &visit) || visit.texts[VISIT_VERIFIER] == NULL ||
        !text_eq(query_value(turn, "state"), visit.texts[VISIT_STATE]) ||
        !text_eq(query_value(turn, "iss"), turn->partner->issuer)) {
        answer_trouble(turn, 400, TROUBLE_STALE);
        return;
    }
    visit_forget(visit.id);
    if (query_value(turn, "code") != NULL)
        code_answer(turn, &visit);
    else
        answer_trouble(turn, 200, text_eq(error, "access_denied") ? TROUBLE_DENIED : TROUBLE_LOGIN);
}

/* --- Logout --- */

/* RP-Initiated Logout: gone here at once, then everywhere by the provider. */
static void
logout_answer(const struct site_turn *turn)
{
    const char *form = (const char *)turn->request->body.at;
    struct buf url = buf_new(turn->arena, 2048);
    struct visit visit;
    struct visit leaving = { .id = visit_secret(turn->arena) };
    json_t *provider;

    if (!visit_of_cookie(turn, &visit) || visit.texts[VISIT_CSRF] == NULL ||
        !text_eq(kit_form_value(turn->arena, form, "csrf"), visit.texts[VISIT_CSRF])) {
        answer_redirect(turn, "/");
        return;
    }
    provider = provider_load(turn->arena, turn->partner);
    if (provider == NULL) {
        answer_trouble(turn, 502, TROUBLE_PROVIDER);
        return;
    }
    visit_forget(visit.id);
    leaving.texts[VISIT_STATE] = visit_secret(turn->arena);
    visit_keep(&leaving);
    browser_keeps(turn, cookie_name(turn), leaving.id);
    buf_text(&url, claim_string(provider, "end_session_endpoint"));
    pair_put(&url, "id_token_hint", visit.texts[VISIT_ID_TOKEN]);
    pair_put(&url, "post_logout_redirect_uri", url_of(turn, "/logged-out"));
    pair_put(&url, "state", leaving.texts[VISIT_STATE]);
    answer_redirect(turn, url.at);
    json_decref(provider);
}

static void
logged_out_answer(const struct site_turn *turn)
{
    struct visit visit;

    if (visit_of_cookie(turn, &visit) && visit.texts[VISIT_STATE] != NULL &&
        text_eq(query_value(turn, "state"), visit.texts[VISIT_STATE]))
        visit_keep(&(struct visit) { .id = visit.id, .texts = { [VISIT_FAREWELL] = "here" } });
    answer_redirect(turn, "/");
}

static void
backchannel_answer(const struct site_turn *turn)
{
    const char *form = (const char *)turn->request->body.at;
    const char *token = kit_form_value(turn->arena, form, "logout_token");
    json_t *provider = provider_load(turn->arena, turn->partner);
    json_t *jwks = provider != NULL ? provider_keys(turn->arena, provider) : NULL;
    struct expected expected = expected_of(turn, jwks);
    json_t *claims = NULL;

    if (token != NULL)
        claims = logout_token_claims(turn->arena, token, &expected);
    if (claims != NULL)
        visits_end(claim_string(claims, "sid"));
    if (claims != NULL)
        kit_answer_text(turn->answer, 200, "text/plain", "");
    else
        kit_answer_text(turn->answer, 400, "application/json", "{\"error\":\"invalid_request\"}");
    json_decref(claims);
    json_decref(jwks);
    json_decref(provider);
}

/* --- Pages and routes --- */

static void
home_answer(const struct site_turn *turn)
{
    struct buf page = buf_new(turn->arena, 16384);
    struct visit visit;

    visit_of_cookie(turn, &visit);
    if (visit.texts[VISIT_SUB] != NULL)
        page_person(turn->partner, turn->language, &visit, &page);
    else
        page_welcome(turn->partner, turn->language, &visit, &page);
    answer_page(turn, 200, &page);
}

/* --- The hospital's window --- */

static void
window_answer(const struct site_turn *turn)
{
    struct buf page = buf_new(turn->arena, 8192);
    struct window_scan scan;
    struct visit visit = { .id = NULL };

    visit_find(turn->arena, query_value(turn, "scan"), &visit);
    window_read(turn->arena, visit.texts[VISIT_SCAN], &scan);
    page_window(turn->partner, turn->language, &scan, &page);
    answer_page(turn, 200, &page);
}

static void
window_scan_answer(const struct site_turn *turn)
{
    const char *code = kit_form_value(turn->arena, (const char *)turn->request->body.at, "code");
    struct visit visit = { .id = visit_secret(turn->arena) };
    struct window_scan scan;

    window_scan(turn->arena, turn->partner, code != NULL ? code : "", &scan);
    visit.texts[VISIT_SCAN] = window_line(turn->arena, &scan);
    visit_keep(&visit);
    answer_redirect(turn, arena_printf(turn->arena, "/window?scan=%s", visit.id));
}

static void
language_answer(const struct site_turn *turn)
{
    browser_keeps(turn, "partner_language", text_eq(query_value(turn, "to"), "en") ? "en" : "zh");
    answer_redirect(turn, "/");
}

static void
watched_answer(const struct site_turn *turn)
{
    logins_answer(turn->request, turn->answer);
}

static enum language
language_of(const struct kit_request *request)
{
    const char *chosen = kit_cookie(request, "partner_language");

    if (chosen == NULL)
        chosen = kit_header(request, "Accept-Language");
    return chosen != NULL && text_starts(chosen, "en") ? LANGUAGE_EN : LANGUAGE_ZH_CN;
}

static const struct {
    const char *method;
    const char *path;
    void (*answer)(const struct site_turn *turn);
} routes[] = {
    { "GET", "/", home_answer },
    { "GET", "/login", login_answer },
    { "GET", "/callback", callback_answer },
    { "GET", "/logged-out", logged_out_answer },
    { "GET", "/language", language_answer },
    { "POST", "/logout", logout_answer },
    { "POST", "/backchannel", backchannel_answer },
    { "GET", "/window", window_answer },
    { "POST", "/window", window_scan_answer },
    { "GET", "/_logins", watched_answer },
};

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    const struct site_turn turn = { state, request, request->arena, out, language_of(request) };

    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (text_eq(request->method, routes[i].method) && text_eq(request->path, routes[i].path)) {
            routes[i].answer(&turn);
            return;
        }
    }
    answer_trouble(&turn, 404, TROUBLE_NO_SUCH_PAGE);
}

int
main(int argc, char **argv)
{
    static struct partner_site partner;
    static char base_url[64];
    static struct jose_key key;
    int port = kit_argument_int(argv, "--port", 9091);
    int status;
    const char *kept = kit_argument(argv, "--signing-key", NULL);
    const char *wanted = kit_argument(argv, "--jwk", NULL);
    struct arena *arena = arena_new(KEY_ARENA_MAX);

    (void)argc;
    if (wanted != NULL || kept != NULL)
        key = jose_key_kept(arena, wanted != NULL ? wanted : kept);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return 1;
    snprintf(base_url, sizeof(base_url), "http://localhost:%d", port);
    call_trust(kit_argument(argv, "--ca", NULL));
    partner = (struct partner_site) {
        .base_url = kit_argument(argv, "--base-url", base_url),
        .issuer = kit_argument(argv, "--issuer", "http://localhost:9080"),
        .client_id = kit_argument(argv, "--client-id", "webhall"),
        .client_secret = kit_argument(argv, "--client-secret", ""),
        .key = kept != NULL ? &key : NULL,
        .scope = kit_argument(argv, "--scope", "openid profile realname"),
        .name_zh = kit_argument(argv, "--name-zh", "网上办事大厅"),
        .name_en = kit_argument(argv, "--name-en", "Online Service Hall"),
        .is_hospital = text_eq(kit_argument(argv, "--theme", "hall"), "hospital"),
    };
    status =
        wanted != NULL
            ? puts(key.jwk) < 0
            : kit_serve(
                  &(struct sim_kit) { .name = "partner_sim", .state = &partner, .handle = handle },
                  argv, port);
    arena_free(arena);
    return status;
}
