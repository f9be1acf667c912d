/* SPDX-License-Identifier: Apache-2.0 */
/* Screens that show a code, and telephones that scan it: each with cookies of its own. */
#ifndef TESTS_PROTOCOLS_LOGIN_QR_KIT_H
#define TESTS_PROTOCOLS_LOGIN_QR_KIT_H

#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "tests/world.h"

#define CODE_LIFE_S 120

/* The cookies of one browser, put away. */
struct cookie_jar {
    char jar[sizeof(((struct world *)0)->jar)];
    size_t cookies;
};

static inline void
jar_keep(struct world *w, struct cookie_jar *jar)
{
    memcpy(jar->jar, w->jar, sizeof(w->jar));
    jar->cookies = w->cookies;
}

static inline void
jar_use(struct world *w, const struct cookie_jar *jar)
{
    memcpy(w->jar, jar->jar, sizeof(w->jar));
    w->cookies = jar->cookies;
}

/* A browser that shows a code. */
struct screen {
    struct cookie_jar jar;
    const char *tx;
    const char *csrf;
    const char *code;
};

static inline void
screen_look(struct world *w, struct screen *screen)
{
    assert_int_equal(w->answer.status, 200);
    screen->tx = world_hidden(w, "tx");
    screen->csrf = world_hidden(w, "csrf");
    screen->code = world_hidden(w, "code");
    jar_keep(w, &screen->jar);
}

/* In a browser of its own, sent there by the partner. */
static inline struct screen
screen_at(struct world *w, const char *partner_id)
{
    struct screen screen;

    w->cookies = 0;
    world_authorize(w, partner_id, "");
    world_get(w, arena_printf(w->arena, "/login/qr?tx=%s", world_location_param(w, "tx")));
    screen_look(w, &screen);
    return screen;
}

static inline const char *
screen_scanned(struct world *w, const struct screen *screen)
{
    return arena_printf(w->arena, WORLD_ISSUER "/q/%s", screen->code);
}

/* The state that its script is told; NULL: refused. */
static inline const char *
screen_state(struct world *w, const struct screen *screen)
{
    jar_use(w, &screen->jar);
    world_get(w,
              arena_printf(w->arena, "/login/qr/status?tx=%s&code=%s", screen->tx, screen->code));
    return world_json(w, "state");
}

/* It goes on, as its script or she does by a press. */
static inline void
screen_goes_on(struct world *w, struct screen *screen)
{
    jar_use(w, &screen->jar);
    world_form_post(w, "/login/qr", "tx=%s&csrf=%s&code=%s", screen->tx, screen->csrf,
                    screen->code);
    jar_keep(w, &screen->jar);
}

/* An app of person n, with an access token of this scope. */
struct app_phone {
    struct cookie_jar jar; /* of the telephone's own browser, which is logged in too */
    const char *access;
};

/* A new one of the session that it has. */
static inline void
phone_gets_token(struct world *w, struct app_phone *phone, const char *scope)
{
    jar_use(w, &phone->jar);
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=app&response_type=code&redirect_uri=%s"
                              "&state=s&scope=%s&nonce=n&code_challenge=" WORLD_CHALLENGE
                              "&code_challenge_method=S256",
                              world_url(w, "http://127.0.0.1/cb"), world_url(w, scope)));
    if (world_location_param(w, "code") == NULL) { /* another app might stand there: she is asked */
        world_follow(w);
        world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
        world_follow(w);
    }
    jar_keep(w, &phone->jar);
    world_redeem(w, "app", world_location_param(w, "code"));
    assert_int_equal(w->answer.status, 200);
    phone->access = world_tokens_of(w).access;
}

static inline struct app_phone
phone_with_scope(struct world *w, int n, const char *scope)
{
    struct app_phone phone;

    w->cookies = 0;
    world_log_in_at(w, n, "app");
    world_consent(w, n, "app", scope);
    jar_keep(w, &phone.jar);
    phone_gets_token(w, &phone, scope);
    return phone;
}

static inline struct app_phone
phone_of(struct world *w, int n)
{
    return phone_with_scope(w, n, "openid qr_login");
}

static inline void
phone_posts(struct world *w, const struct app_phone *phone, const char *path, const char *json)
{
    world_send(w, &(struct world_call) {
                      .method = "POST",
                      .target = path,
                      .form = json,
                      .content_type = "application/json",
                      .authorization = arena_printf(w->arena, "Bearer %s", phone->access),
                      .without_cookies = true,
                  });
}

/* What to confirm it by; NULL: refused. */
static inline const char *
phone_scans(struct world *w, const struct app_phone *phone, const struct screen *screen)
{
    phone_posts(w, phone, "/qr/scan",
                arena_printf(w->arena, "{\"code\":\"%s\"}", screen_scanned(w, screen)));
    return world_json(w, "confirmation");
}

static inline void
phone_decides(struct world *w, const struct app_phone *phone, const char *path,
              const char *confirmation)
{
    phone_posts(w, phone, path, arena_printf(w->arena, "{\"confirmation\":\"%s\"}", confirmation));
}

static inline void
phone_confirms(struct world *w, const struct app_phone *phone, const struct screen *screen)
{
    const char *confirmation = phone_scans(w, phone, screen);

    assert_non_null(confirmation);
    phone_decides(w, phone, "/qr/confirm", confirmation);
    assert_int_equal(w->answer.status, 204);
}

#endif
