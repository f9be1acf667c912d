/* SPDX-License-Identifier: Apache-2.0 */
/* Telephones with an app whose tokens are bound to a key, and what they ask of a card. */
#ifndef TESTS_PROTOCOLS_CARD_CODE_KIT_H
#define TESTS_PROTOCOLS_CARD_CODE_KIT_H

#include "tests/protocols/http/dpop_kit.h"
#include "tests/protocols/login/qr_kit.h"

#include "idp/card/code.h"
#include "idp/card/link.h"

struct telephone {
    struct holder holder;
    struct app_phone phone;
};

/* She logs in with the app by these factors, on a browser of its own. */
static inline void
telephone_logs_in(struct world *w, struct telephone *telephone, int n, const char *amr)
{
    static const struct session nobody;
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, n), .amr = amr };
    struct session session;
    const char *cookie;

    ctx.channel = "app";
    w->cookies = 0;
    world_must(session_begin(&ctx, &nobody, &proof, &session, &cookie), "no session");
    world_cookie_put(w, "__Host-session", cookie);
    jar_keep(w, &telephone->phone.jar);
}

/* An access token of that login; `holder` NULL: for the bearer. */
static inline void
telephone_gets_token(struct world *w, struct telephone *telephone, const char *scope, bool bound)
{
    jar_use(w, &telephone->phone.jar);
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
    jar_keep(w, &telephone->phone.jar);
    ask_tokens(w, "app", code_form(w, "app", world_location_param(w, "code")),
               bound ? token_proof(&telephone->holder) : NULL);
    assert_int_equal(w->answer.status, 200);
    telephone->phone.access = world_tokens_of(w).access;
}

static inline struct telephone
telephone_by(struct world *w, int n, const char *amr)
{
    struct telephone telephone = { .holder = holder_new(w) };

    telephone_logs_in(w, &telephone, n, amr);
    world_consent(w, n, "app", "openid card");
    telephone_gets_token(w, &telephone, "openid card", true);
    return telephone;
}

/* Logged in by a message a moment ago. */
static inline struct telephone
telephone_of(struct world *w, int n)
{
    return telephone_by(w, n, "sms");
}

static inline void
telephone_posts(struct telephone *telephone, const char *path, const char *json)
{
    struct world *w = telephone->holder.w;
    const char *access = telephone->phone.access;

    world_send(w, &(struct world_call) {
                      .method = "POST",
                      .target = path,
                      .form = json,
                      .content_type = "application/json",
                      .authorization = arena_printf(w->arena, "DPoP %s", access),
                      .dpop = proof_of(&telephone->holder,
                                       &(struct proving) { .method = "POST",
                                                           .uri = arena_printf(w->arena, "%s%s",
                                                                               WORLD_ISSUER, path),
                                                           .token = access }),
                      .without_cookies = true,
                  });
}

static inline void
telephone_links(struct telephone *telephone)
{
    telephone_posts(telephone, "/card/link", "{}");
}

/* The code; NULL: refused. */
static inline const char *
telephone_shows(struct telephone *telephone, const char *purpose)
{
    struct world *w = telephone->holder.w;

    telephone_posts(telephone, "/card/codes",
                    arena_printf(w->arena, "{\"purpose\":\"%s\"}", purpose));
    return world_json(w, "code");
}

/* A card of her own, opened on this telephone. */
static inline struct telephone
telephone_ready(struct world *w, int n)
{
    struct telephone telephone;

    world_card(w, n);
    telephone = telephone_of(w, n);
    telephone_links(&telephone);
    assert_int_equal(w->answer.status, 204);
    return telephone;
}

/* Is a code good where it is scanned, as far as the telephone goes? In a transaction, as there. */
static inline bool
code_holds(struct world *w, int n, const char *text)
{
    struct ctx ctx = world_ctx(w);
    struct card_code code;
    enum err err;

    assert_int_equal(card_code_open(&ctx, text, &code), OK);
    assert_int_equal(store_begin(w->store), OK);
    err = card_link_hold(&ctx, world_person(w, n), &code);
    assert_int_equal(store_commit(w->store), OK);
    assert_true(err == OK || err == ERR_REFUSED);
    return err == OK;
}

#endif
