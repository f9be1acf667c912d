/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_app.h"

#include <stdio.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_token.h"
#include "tests/sims/kit_visit.h"

#define EXCHANGE "urn:ietf:params:oauth:grant-type:token-exchange"
#define TYPE "urn:ietf:params:oauth:token-type:"
#define TICKET "urn:hrss:params:oauth:token-type:browser-ticket"
#define SECRET "urn:openid:params:token-type:device-secret"
#define MUST_BE_L2 "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"urn:hrss:acr:l2\"]}}}"

static void
text_hold(char *out, size_t room, const char *text)
{
    snprintf(out, room, "%s", text);
}
#define hold_in(member, text) text_hold(member, sizeof(member), text)

static void
news_tell(struct handset *phone, enum app_news news, const char *error)
{
    phone->news = news;
    hold_in(phone->error, error);
}

static const char *
issuer_url(const struct handset *phone, struct arena *arena, const char *path)
{
    return arena_printf(arena, "%s%s", phone->issuer, path);
}

/* --- Asking the provider, each time with a proof of the app's key --- */

static void
field_put(struct buf *form, const char *name, const char *value)
{
    if (form->size > 0)
        buf_char(form, '&');
    buf_text(form, name);
    buf_char(form, '=');
    buf_url(form, value);
}

static json_t *
token_call(struct handset *phone, struct arena *arena, const struct phone_app *app,
           struct buf *form, long *status)
{
    const char *url = issuer_url(phone, arena, "/oauth2/token");
    const char *const headers[] = {
        arena_printf(arena, "DPoP: %s", jose_proof(arena, &app->key, "POST", url, NULL)), NULL
    };

    field_put(form, "client_id", app->client_id);
    return call_json_any(
        arena, &(struct sim_call) { .url = url, .form = form->at, .headers = headers }, status);
}

static json_t *
api_call(struct handset *phone, struct arena *arena, const struct phone_app *app, const char *path,
         const char *body, long *status)
{
    const char *url = issuer_url(phone, arena, path);
    const char *method = body != NULL ? "POST" : "GET";
    const char *const headers[] = {
        arena_printf(arena, "DPoP: %s",
                     jose_proof(arena, &app->key, method, url, app->access_token)),
        arena_printf(arena, "Authorization: DPoP %s", app->access_token),
        body != NULL ? "Content-Type: application/json" : NULL, NULL
    };

    return call_json_any(arena, &(struct sim_call) { .url = url, .form = body, .headers = headers },
                         status);
}

/* --- Tokens --- */

static json_t *
id_claims(struct handset *phone, struct arena *arena, const struct phone_app *app)
{
    json_t *jwks =
        call_json(arena, &(struct sim_call) { .url = issuer_url(phone, arena, "/oauth2/jwks") });
    const struct expected expected = { .issuer = phone->issuer,
                                       .client_id = app->client_id,
                                       .jwks = jwks,
                                       .now = env_now(env_machine()) };
    json_t *claims = id_token_claims(arena, app->id_token, &expected, app->nonce);

    json_decref(jwks);
    return claims;
}

/* True when the ID token holds; then she is in. */
static bool
app_enter(struct handset *phone, struct arena *arena, struct phone_app *app, const json_t *tokens)
{
    json_t *claims;
    json_t *told;
    const char *acr;
    long status;

    hold_in(app->access_token, claim_string(tokens, "access_token"));
    hold_in(app->refresh_token, claim_string(tokens, "refresh_token"));
    hold_in(app->id_token, claim_string(tokens, "id_token"));
    claims = id_claims(phone, arena, app);
    app->is_in = claims != NULL;
    if (claims == NULL)
        return false;
    acr = strrchr(claim_string(claims, "acr"), ':');
    hold_in(app->level, acr != NULL && acr[1] == 'l' ? acr + 2 : "?");
    app->login_at = json_integer_value(json_object_get(claims, "auth_time"));
    told = api_call(phone, arena, app, "/oidc/userinfo", NULL, &status);
    hold_in(app->name, claim_string(told, "name"));
    json_decref(told);
    json_decref(claims);
    return true;
}

/* --- Login, and proving herself once more --- */

const char *
app_login_url(struct handset *phone, struct arena *arena, enum app_place place, bool raise)
{
    struct phone_app *app = &phone->apps[place];
    struct buf query = buf_new(arena, 1024);

    hold_in(app->state, arena_printf(arena, "%d.%s", (int)place, visit_secret(arena)));
    hold_in(app->nonce, visit_secret(arena));
    hold_in(app->verifier, visit_secret(arena));
    field_put(&query, "response_type", "code");
    field_put(&query, "client_id", app->client_id);
    field_put(&query, "redirect_uri", phone->redirect_uri);
    field_put(&query, "scope", app->scope);
    field_put(&query, "state", app->state);
    field_put(&query, "nonce", app->nonce);
    field_put(&query, "code_challenge", visit_challenge(arena, app->verifier));
    field_put(&query, "code_challenge_method", "S256");
    if (raise) {
        field_put(&query, "claims", MUST_BE_L2);
        field_put(&query, "prompt", "login");
    }
    return arena_printf(arena, "%s/oauth2/authorize?%s", phone->issuer, query.at);
}

static struct phone_app *
app_of_state(struct handset *phone, const char *state)
{
    for (size_t i = 0; i < APPS_ON_PHONE; i++) {
        if (phone->apps[i].state[0] != '\0' && text_eq(phone->apps[i].state, state))
            return &phone->apps[i];
    }
    return NULL;
}

/* What the first app gets beside its tokens is for the keychain. */
static void
pair_keep(struct handset *phone, const struct phone_app *app, const json_t *tokens)
{
    const char *secret = claim_string(tokens, "device_secret");

    if (secret[0] == '\0')
        return;
    hold_in(phone->pair_secret, secret);
    hold_in(phone->pair_id_token, app->id_token);
}

static void
code_take(struct handset *phone, struct arena *arena, struct phone_app *app, const char *code)
{
    struct buf form = buf_new(arena, 1024);
    bool was_in = app->is_in;
    json_t *tokens;
    long status;

    field_put(&form, "grant_type", "authorization_code");
    field_put(&form, "code", code);
    field_put(&form, "redirect_uri", phone->redirect_uri);
    field_put(&form, "code_verifier", app->verifier);
    tokens = token_call(phone, arena, app, &form, &status);
    if (status == 200 && app_enter(phone, arena, app, tokens)) {
        pair_keep(phone, app, tokens);
        news_tell(phone, was_in ? APP_RAISED : APP_NOTHING, "");
    } else {
        news_tell(phone, APP_FAILED, claim_string(tokens, "error"));
    }
    json_decref(tokens);
}

void
app_login_end(struct handset *phone, struct arena *arena, const char *query)
{
    const char *state = kit_form_value(arena, query, "state");
    const char *code = kit_form_value(arena, query, "code");
    const char *error = kit_form_value(arena, query, "error");
    struct phone_app *app = app_of_state(phone, state != NULL ? state : "");

    if (app == NULL || !text_eq(kit_form_value(arena, query, "iss"), phone->issuer)) {
        news_tell(phone, APP_FAILED, "state");
        return;
    }
    app->state[0] = '\0';
    if (code != NULL)
        code_take(phone, arena, app, code);
    else
        news_tell(phone, text_eq(error, "access_denied") ? APP_DENIED : APP_FAILED,
                  error != NULL ? error : "");
}

/* --- The second app (OpenID Connect Native SSO 1.0) --- */

void
app_share(struct handset *phone, struct arena *arena)
{
    struct phone_app *app = &phone->apps[APP_CARD];
    struct buf form = buf_new(arena, 4096);
    json_t *tokens;
    long status;

    app->nonce[0] = '\0';
    field_put(&form, "grant_type", EXCHANGE);
    field_put(&form, "audience", phone->issuer);
    field_put(&form, "subject_token", phone->pair_id_token);
    field_put(&form, "subject_token_type", TYPE "id_token");
    field_put(&form, "actor_token", phone->pair_secret);
    field_put(&form, "actor_token_type", SECRET);
    tokens = token_call(phone, arena, app, &form, &status);
    if (status == 200 && app_enter(phone, arena, app, tokens))
        news_tell(phone, APP_SHARED, "");
    else if (text_eq(claim_string(tokens, "error"), "interaction_required"))
        news_tell(phone, APP_SHARE_ASK, "interaction_required");
    else
        news_tell(phone, APP_SHARE_OVER, claim_string(tokens, "error"));
    json_decref(tokens);
}

/* --- A page inside the app --- */

/* The access token lives five minutes; her login lives on. */
static void
app_refresh(struct handset *phone, struct arena *arena, struct phone_app *app)
{
    struct buf form = buf_new(arena, 2048);
    json_t *tokens;
    long status;

    app->nonce[0] = '\0';
    field_put(&form, "grant_type", "refresh_token");
    field_put(&form, "refresh_token", app->refresh_token);
    tokens = token_call(phone, arena, app, &form, &status);
    if (status == 200)
        app_enter(phone, arena, app, tokens);
    else
        app->is_in = false;
    json_decref(tokens);
}

bool
app_page_open(struct handset *phone, struct arena *arena, const char **location,
              const char **cookie)
{
    struct phone_app *app = &phone->apps[APP_HALL];
    const char *url = issuer_url(phone, arena, "/ticket");
    struct buf form = buf_new(arena, 4096);
    json_t *answer;
    struct sim_led led;
    long status;

    app_refresh(phone, arena, app);
    field_put(&form, "grant_type", EXCHANGE);
    field_put(&form, "subject_token", app->access_token);
    field_put(&form, "subject_token_type", TYPE "access_token");
    field_put(&form, "requested_token_type", TICKET);
    field_put(&form, "audience", phone->page_partner);
    answer = token_call(phone, arena, app, &form, &status);
    led = call_led(
        arena,
        &(struct sim_call) {
            .url = arena_printf(arena, "%s?ticket=%s", url, claim_string(answer, "access_token")),
            .headers = (const char *const[]) {
                arena_printf(arena, "DPoP: %s", jose_proof(arena, &app->key, "GET", url, NULL)),
                NULL } });
    if (led.status != 303)
        news_tell(phone, APP_PAGE_REFUSED, claim_string(answer, "error"));
    json_decref(answer);
    *location = led.location;
    *cookie = led.cookie;
    return led.status == 303 && led.location != NULL;
}

/* --- A browser that shows a code --- */

static const char *
body_of(struct arena *arena, const char *name, const char *value)
{
    struct buf body = buf_new(arena, 1024);

    emit_object(&body, NULL);
    emit_text(&body, name, value);
    emit_object_end(&body);
    return body.at;
}

void
app_scan(struct handset *phone, struct arena *arena, const char *text)
{
    struct phone_app *app = &phone->apps[APP_HALL];
    json_t *answer;
    long status;

    app_refresh(phone, arena, app);
    answer = api_call(phone, arena, app, "/qr/scan", body_of(arena, "code", text), &status);
    if (status == 200) {
        hold_in(phone->confirmation, claim_string(answer, "confirmation"));
        hold_in(phone->scanned_partner,
                claim_string(json_object_get(answer, "partner"), "client_name"));
        hold_in(phone->scanned_browser,
                arena_printf(arena, "%s · %s · %s", claim_string(answer, "browser"),
                             claim_string(answer, "system"), claim_string(answer, "network")));
        news_tell(phone, APP_SCAN_ASK, "");
    } else {
        news_tell(phone, APP_SCAN_REFUSED, claim_string(answer, "error"));
    }
    json_decref(answer);
}

void
app_scan_answer(struct handset *phone, struct arena *arena, bool yes)
{
    json_t *answer;
    long status;

    answer = api_call(phone, arena, &phone->apps[APP_HALL], yes ? "/qr/confirm" : "/qr/cancel",
                      body_of(arena, "confirmation", phone->confirmation), &status);
    news_tell(phone, status == 204 && yes ? APP_SCAN_DONE : APP_SCAN_REFUSED,
              claim_string(answer, "error"));
    phone->confirmation[0] = '\0';
    json_decref(answer);
}

/* --- Out --- */

const char *
app_logout_url(struct handset *phone, struct arena *arena)
{
    struct buf query = buf_new(arena, 2048);

    field_put(&query, "id_token_hint", phone->apps[APP_HALL].id_token);
    field_put(&query, "post_logout_redirect_uri", arena_printf(arena, "%s/bye", phone->base_url));
    for (size_t i = 0; i < APPS_ON_PHONE; i++)
        phone->apps[i].is_in = false;
    news_tell(phone, APP_BYE, "");
    return arena_printf(arena, "%s/oidc/logout?%s", phone->issuer, query.at);
}
