/* SPDX-License-Identifier: Apache-2.0 */
/* check_session_iframe and the session_state that it judges (OpenID Connect Session Management 1.0). */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "keys/secret.h"
#include "tests/protocols/oidc/kit.h"
#include "tests/world.h"

#define BROWSER "__Host-browser"

/* As protocols/pages/files/check_session.js reckons it. */
static bool
is_unchanged(struct world *w, const char *session_state, const char *origin)
{
    const char *salt = strchr(session_state, '.') + 1;
    struct digest digest = digest_of_text(
        arena_printf(w->arena, "webhall %s %s %s", origin, world_cookie(w, BROWSER), salt));
    const char *hash = base64url_encode(w->arena, digest_view(&digest));

    return text_eq(session_state, arena_printf(w->arena, "%s.%s", hash, salt));
}

static const char *
silent_state(struct world *w)
{
    world_authorize(w, "webhall", "&prompt=none");
    return world_location_param(w, "session_state");
}

static void
the_one_page_that_others_may_frame_has_its_script_and_nothing_else(void **state)
{
    struct world *w = *state;

    world_get(w, "/oidc/session");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_header(w, "Content-Security-Policy"),
                        "default-src 'none'; script-src 'self'; base-uri 'none'; form-action "
                        "'none'; frame-ancestors *");
    assert_null(world_header(w, "X-Frame-Options"));
    assert_null(world_header(w, "Set-Cookie"));
    assert_non_null(strstr(w->answer.body, "<script src=\"/static/check_session.js?v="));
    assert_non_null(strstr(w->answer.body, "data-cookie=\"" BROWSER "\""));
    world_open(w, "/login");
    assert_string_equal(world_header(w, "X-Frame-Options"), "DENY");
    world_get(w, "/");
    assert_string_equal(world_header(w, "X-Frame-Options"), "DENY");
    assert_non_null(strstr(world_header(w, "Content-Security-Policy"), "frame-ancestors 'none'"));
}

static void
an_answer_with_a_code_says_the_state_for_the_page_that_gets_it(void **state)
{
    struct world *w = *state;
    const char *session_state;

    (void)world_login_tokens(w, "webhall");
    session_state = silent_state(w);
    assert_non_null(session_state);
    assert_null(strchr(session_state, ' '));
    assert_true(is_unchanged(w, session_state, "https://app.example"));
    assert_false(is_unchanged(w, session_state, "https://evil.example"));
    assert_string_not_equal(silent_state(w), session_state); /* another salt */
    assert_true(is_unchanged(w, session_state, "https://app.example"));
}

static void
after_a_logout_it_has_changed(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *session_state = silent_state(w);

    logout(w, "id_token_hint=", tokens.id);
    assert_string_equal(world_cookie(w, BROWSER), "0"); /* still there: nobody is logged in */
    assert_false(is_unchanged(w, session_state, "https://app.example"));
    assert_null(silent_state(w));
}

static void
another_person_in_the_same_browser_is_another_state(void **state)
{
    struct world *w = *state;
    const char *session_state;

    (void)world_login_tokens(w, "webhall");
    session_state = silent_state(w);
    world_log_in(w, 1);
    world_consent(w, 1, "webhall", "openid profile");
    assert_non_null(silent_state(w));
    assert_false(is_unchanged(w, session_state, "https://app.example"));
}

/* A session from a version that knew no such cookie. */
static void
the_answer_brings_the_cookie_where_it_is_missing_or_wrong(void **state)
{
    struct world *w = *state;

    (void)world_login_tokens(w, "webhall");
    world_cookie_put(w, BROWSER, "elsewhere");
    assert_true(is_unchanged(w, silent_state(w), "https://app.example"));
    assert_null(strstr(world_header(w, "Set-Cookie"), "HttpOnly"));
    assert_non_null(strstr(world_header(w, "Set-Cookie"), "; SameSite=None; Secure"));
    (void)silent_state(w);
    assert_null(world_header(w, "Set-Cookie")); /* it is as it should be */
}

/* An app's address has no page: there is nothing that would ask the frame. */
static void
an_app_with_its_own_scheme_is_told_none(void **state)
{
    struct world *w = *state;
    struct partner *webhall = (struct partner *)registry_find(w->services.registry, "webhall");

    (void)world_login_tokens(w, "webhall");
    webhall->profile.native = true;
    webhall->profile.redirect_uris.at[0] = "com.example.app:/cb";
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=webhall&response_type=code&scope=openid"
                              "&prompt=none&nonce=n&state=s&redirect_uri=com.example.app%%3A%%2Fcb"
                              "&code_challenge_method=S256&code_challenge="
                              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    assert_int_equal(w->answer.status, 303);
    assert_non_null(world_location_param(w, "code"));
    assert_null(world_location_param(w, "session_state"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_one_page_that_others_may_frame_has_its_script_and_nothing_else),
        world_test(an_answer_with_a_code_says_the_state_for_the_page_that_gets_it),
        world_test(after_a_logout_it_has_changed),
        world_test(another_person_in_the_same_browser_is_another_state),
        world_test(the_answer_brings_the_cookie_where_it_is_missing_or_wrong),
        world_test(an_app_with_its_own_scheme_is_told_none),
    };

    return world_run(tests);
}
