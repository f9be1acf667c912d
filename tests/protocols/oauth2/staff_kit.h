/* SPDX-License-Identifier: Apache-2.0 */
/* Partners that staff log in to: window and annex, of the channel counter; ledger answers for an API of window's. And how
 * a member of staff goes there. */
#ifndef TESTS_PROTOCOLS_OAUTH2_STAFF_KIT_H
#define TESTS_PROTOCOLS_OAUTH2_STAFF_KIT_H

#include "tests/world.h"

#include <string.h>

#include "idp/session/transaction.h"
#include "idp/staff/sitting.h"
#include "keys/jws.h"

#define WINDOW_OF(id, scope, more)                                                                 \
    "{\"client_id\":\"" id "\",\"client_name\":\"" id "\",\"channel\":\"counter\","                \
    "\"redirect_uris\":[\"https://" id ".example/cb\"],\"client_secret\":\"" id                    \
    "-secret-0123456789-0123456789-0123456789\",\"id_token_signed_response_alg\":\"ES256\","       \
    "\"scope\":\"" scope "\"," more "}"
#define WINDOW_GRANTS "\"grant_types\":[\"authorization_code\",\"refresh_token\"]"
#define WINDOWS                                                                                                                                                                                       \
    "{\"partners\":[" WINDOW_OF(                                                                                                                                                                      \
        "window", "openid profile phone staff",                                                                                                                                                       \
        WINDOW_GRANTS                                                                                                                                                                                 \
        ",\"audience\":\"https://ledger.example\",\"response_modes\":[\"query\",\"form_post\"],"                                                                                                      \
        "\"backchannel_logout_uri\":\"https://window.example/out\"") "," WINDOW_OF("annex",                                                                                                           \
                                                                                   "openid staff",                                                                                                    \
                                                                                   WINDOW_GRANTS) ","                                                                                                 \
                                                                                                  "{\"client_id\":\"ledger\",\"client_name\":\"ledger\",\"grant_types\":[\"client_credentials\"],"    \
                                                                                                  "\"client_secret\":\"ledger-secret-0123456789-0123456789-0123456789\","                             \
                                                                                                  "\"resources\":\"https://ledger.example\"},"                                                        \
                                                                                                  "{\"client_id\":\"hall\",\"client_name\":\"hall\",\"redirect_uris\":[\"https://hall.example/cb\"]," \
                                                                                                  "\"client_secret\":\"hall-secret-0123456789-0123456789-0123456789\","                               \
                                                                                                  "\"id_token_signed_response_alg\":\"ES256\",\"scope\":\"openid profile\"}]}"

#define STAFF_SCOPE "&scope=openid%20staff"

static inline int
windows_setup(void **state)
{
    int failed = world_setup(state);

    if (failed == 0)
        world_partners(*state, WINDOWS);
    return failed;
}

#define window_test(name) cmocka_unit_test_setup_teardown(name, windows_setup, world_teardown)

/* GET /oauth2/authorize; `more` has the scope. */
static inline void
window_ask(struct world *w, const char *partner_id, const char *more)
{
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=%s&response_type=code&state=st-1"
                              "&redirect_uri=https%%3A%%2F%%2F%s.example%%2Fcb&nonce=n-1"
                              "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256%s",
                              partner_id, partner_id, more));
}

/* The last answer leads to the staff listener: what the link says there. */
static inline const char *
window_link(struct world *w)
{
    const char *location = world_header(w, "Location");

    assert_int_equal(w->answer.status, 303);
    assert_non_null(location);
    assert_true(text_starts(location, WORLD_STAFF_URL "/staff/enter?tx="));
    return arena_text(w->arena, location + strlen(WORLD_STAFF_URL));
}

static inline void
window_enter(struct world *w, const char *partner_id, const char *more)
{
    window_ask(w, partner_id, more);
    world_get(w, window_link(w));
}

/* Of whoever sits there. */
static inline const char *
window_code(struct world *w, const char *partner_id, const char *more)
{
    window_enter(w, partner_id, more);
    assert_int_equal(w->answer.status, 303);
    assert_non_null(world_location_param(w, "code"));
    return world_location_param(w, "code");
}

static inline struct world_tokens
window_tokens(struct world *w, const char *partner_id, const char *more)
{
    world_redeem(w, partner_id, window_code(w, partner_id, more));
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

/* She was led to a page of staff's with her flow; this is where she comes back to. */
static inline const char *
window_resume(struct world *w, const char *page)
{
    const char *location = world_header(w, "Location");

    assert_int_equal(w->answer.status, 303);
    assert_non_null(location);
    assert_true(text_starts(location, arena_printf(w->arena, "%s?tx=", page)));
    return arena_printf(w->arena, "/staff/enter/resume%s", strchr(location, '?'));
}

static inline void
window_userinfo(struct world *w, const char *access)
{
    world_send(
        w, &(struct world_call) { .target = "/oidc/userinfo",
                                  .authorization = arena_printf(w->arena, "Bearer %s", access) });
}

/* The payload of a token of ours. */
static inline const char *
window_payload(struct world *w, const char *token)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    return arena_copy(w->arena, jws.payload.at, jws.payload.size);
}

static inline void
window_sql(struct world *w, const char *sql)
{
    const struct arg args[] = { ARG_END };

    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
}

static inline void
window_lock(struct world *w)
{
    window_sql(w, "UPDATE sitting SET locked_at = 1");
}

#endif
