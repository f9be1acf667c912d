/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apps for the tests of token exchange: pilot (lets others in, opens pages of hall), second (of its
 * group), stranger (of another), hall and desk, whose pages are opened: of the channels web and counter.
 */
#ifndef TESTS_PROTOCOLS_APP_KIT_H
#define TESTS_PROTOCOLS_APP_KIT_H

#include "tests/protocols/http/dpop_kit.h"

#include <string.h>

#include "keys/jws.h"

#define EXCHANGE "urn:ietf:params:oauth:grant-type:token-exchange"
#define EXCHANGE_FORM "grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Atoken-exchange"
#define TYPE_ID "urn:ietf:params:oauth:token-type:id_token"
#define TYPE_ACCESS "urn:ietf:params:oauth:token-type:access_token"
#define TYPE_SECRET "urn:openid:params:token-type:device-secret"
#define TYPE_TICKET "urn:hrss:params:oauth:token-type:browser-ticket"

#define PARTNER_OF(id, more)                                                                       \
    "{\"client_id\":\"" id "\",\"client_name\":\"" id                                              \
    "\",\"token_endpoint_auth_method\":\"none\","                                                  \
    "\"id_token_signed_response_alg\":\"ES256\",\"redirect_uris\":[\"https://" id                  \
    ".example/cb\"]," more "}"
#define APP_OF(id, more) PARTNER_OF(id, "\"channel\":\"app\",\"application_type\":\"native\"," more)
#define GRANTS "\"grant_types\":[\"authorization_code\",\"refresh_token\",\"" EXCHANGE "\"],"

#define APPS                                                                                                                                                                                                                                                                                                                                                                                    \
    "{\"partners\":[" APP_OF(                                                                                                                                                                                                                                                                                                                                                                   \
        "pilot", GRANTS                                                                                                                                                                                                                                                                                                                                                                         \
        "\"native_sso_group\":\"hrss\","                                                                                                                                                                                                                                                                                                                                                        \
        "\"browser_ticket_partners\":\"hall desk\","                                                                                                                                                                                                                                                                                                                                            \
        "\"scope\":\"openid profile phone device_sso "                                                                                                                                                                                                                                                                                                                                          \
        "offline_access\"") "," APP_OF("second", GRANTS                                                                                                                                                                                                                                                                                                                                         \
                                       "\"native_sso_group\":\"hrss\",\"scope\":\"openid profile phone "                                                                                                                                                                                                                                                                                        \
                                       "offline_access\"") "," APP_OF("stranger", GRANTS                                                                                                                                                                                                                                                                                                        \
                                                                      "\"native_sso_group\":\"else\",\"scope\":\"openid profile\"") "," APP_OF("strangest", GRANTS "\"native_sso_group\":\"else\",\"scope\":\"openid profile\"") "," APP_OF("opener",                                                                                                                                           \
                                                                                                                                                                                                                                            GRANTS "\"browser_ticket_partners\":\"hall\",\"scope\":\"openid profile\"") "," PARTNER_OF("hall",                                                  \
                                                                                                                                                                                                                                                                                                                                       "\"initiate_login_uri\":\"https://hall.example/start\"," \
                                                                                                                                                                                                                                                                                                                                       "\"scope\":\"openid profile\"") ",{\"client_id\":\"desk\",\"client_name\":\"desk\",\"channel\":\"counter\",\"redirect_uris\":[\"https://desk.example/cb\"],\"initiate_login_uri\":\"https://desk.example/start?a=1\",\"scope\":\"openid staff\"}]}"

/* Person 0's tokens of a login at one of the apps, for that scope. NULL holder: for the bearer. */
static inline struct world_tokens
app_tokens(struct world *w, struct holder *holder, const char *app, const char *scope,
           const char *more)
{
    const char *encoded = world_url(w, scope);

    if (world_cookie(w, "__Host-session") == NULL)
        world_log_in(w, 0);
    world_consent(w, 0, app, scope);
    world_get(w,
              arena_printf(w->arena,
                           "/oauth2/authorize?client_id=%s&response_type=code&state=st-1&scope=%s"
                           "&redirect_uri=https%%3A%%2F%%2F%s.example%%2Fcb&nonce=n-1"
                           "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256",
                           app, encoded, app));
    assert_int_equal(w->answer.status, 303);
    assert_non_null(world_location_param(w, "code"));
    ask_tokens(
        w, app,
        arena_printf(w->arena, "%s%s", code_form(w, app, world_location_param(w, "code")), more),
        holder != NULL ? token_proof(holder) : NULL);
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

/* A member of a token of ours. */
static inline const char *
told_in(struct world *w, const char *token, const char *name)
{
    const char *body = w->answer.body;
    struct jws jws;
    const char *value;

    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    w->answer.body = arena_copy(w->arena, jws.payload.at, jws.payload.size);
    value = world_json(w, name);
    w->answer.body = body;
    return value;
}

/* An app's exchange of what it was given for tokens of its own. */
struct sharing_call {
    const char *app;
    const char *id_token;
    const char *secret;
    const char *more; /* further parameters; NULL: none */
    struct holder *holder;
};

static inline void
share_ask(struct world *w, const struct sharing_call *call)
{
    ask_tokens(w, call->app,
               arena_printf(w->arena,
                            EXCHANGE_FORM "&subject_token=%s&subject_token_type=%s&actor_token=%s"
                                          "&actor_token_type=%s&audience=%s%s",
                            call->id_token, world_url(w, TYPE_ID), call->secret,
                            world_url(w, TYPE_SECRET), world_url(w, WORLD_ISSUER),
                            call->more != NULL ? call->more : ""),
               call->holder != NULL ? token_proof(call->holder) : NULL);
}

static inline void
ticket_ask(struct world *w, struct holder *holder, const char *app, const char *access,
           const char *target)
{
    ask_tokens(w, app,
               arena_printf(w->arena,
                            EXCHANGE_FORM "&subject_token=%s&subject_token_type=%s"
                                          "&requested_token_type=%s&audience=%s",
                            access, world_url(w, TYPE_ACCESS), world_url(w, TYPE_TICKET), target),
               holder != NULL ? token_proof(holder) : NULL);
}

static inline int
apps_setup(void **state)
{
    int failed = world_setup(state);

    if (failed == 0)
        world_partners(*state, APPS);
    return failed;
}

#define apps_test(name) cmocka_unit_test_setup_teardown(name, apps_setup, world_teardown)

#endif
