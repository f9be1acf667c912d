/* SPDX-License-Identifier: Apache-2.0 */
/* Logout by a POST of another site or by a partner's server: both come without the cookie. */
#include <string.h>

#include "idp/base/text.h"
#include "tests/protocols/oidc/kit.h"
#include "tests/world.h"

/* As from another site: the browser keeps the cookie back (SameSite=Lax), and drops none. */
static void
post_from_elsewhere(struct world *w, const char *form)
{
    world_send(w, &(struct world_call) { .target = "/oidc/logout",
                                         .form = form,
                                         .origin = "https://app.example",
                                         .without_cookies = true });
}

static void
z7_a_post_from_another_site_with_a_hint_ends_that_session(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_audit_mark(w);
    post_from_elsewhere(w,
                        arena_printf(w->arena, "%s&state=s&id_token_hint=%s", RETURN, tokens.id));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "https://app.example/bye?state=s");
    assert_null(world_header(w, "Set-Cookie"));
    assert_audited(w, AUDIT_SESSION_ENDED, "hint");
    assert_false(is_logged_in(w));
    assert_false(world_token_works(w, tokens.access));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
z7_b1_without_a_hint_it_is_asked_again_by_get_and_the_cookie_comes(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    post_from_elsewhere(w, "client_id=webhall&" RETURN "&state=a%26b");
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"),
                        "/oidc/logout?client_id=webhall&" RETURN "&state=a%26b");
    assert_null(world_header(w, "Set-Cookie"));
    assert_true(is_logged_in(w));
    world_get(w, arena_text(w->arena, world_header(w, "Location")));
    assert_arrived(w);
    assert_non_null(strstr(w->answer.body, "id=\"logout-yes\""));
}

static void
z7_a_hint_that_does_not_hold_is_as_good_as_none(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *const hints[] = { "nonsense", tokens.access,
                                  arena_printf(w->arena, "%s&client_id=hospital", tokens.id) };

    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        post_from_elsewhere(w, arena_printf(w->arena, "id_token_hint=%s", hints[i]));
        assert_int_equal(w->answer.status, 303);
        assert_true(text_starts(world_header(w, "Location"), "/oidc/logout?id_token_hint="));
        assert_true(is_logged_in(w));
    }
}

static void
z7_what_fits_no_link_is_asked_without_it(void **state)
{
    struct world *w = *state;
    char *quotes = arena_alloc(w->arena, 2048 + 1);
    char *hint = arena_alloc(w->arena, 8192 + 1);

    memset(quotes, '"', 2048);
    memset(hint, 'a', 8192);
    post_from_elsewhere(w, arena_printf(w->arena, "client_id=webhall&state=%s", quotes));
    assert_int_equal(w->answer.status, 303);
    assert_true(strlen(world_header(w, "Location")) > (size_t)3 * 2048);
    post_from_elsewhere(
        w, arena_printf(w->arena, "client_id=webhall&state=%s&id_token_hint=%s", quotes, hint));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/oidc/logout");
}

/* What the question could not carry back is left out, and she is logged out all the same. */
static void
a_state_of_4096_bytes_comes_back_from_the_question(void **state)
{
    struct world *w = *state;
    char *letters = arena_alloc(w->arena, 4096 + 1);
    char *quotes = arena_alloc(w->arena, 3 * 4096 + 1);

    world_login_tokens(w, "webhall");
    memset(letters, 's', 4096);
    logout(w, "client_id=webhall&" RETURN "&state=", letters);
    world_form_post(w, "/logout", "decision=yes&tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_string_equal(world_location_param(w, "state"), letters);
    for (size_t i = 0; i < 4096; i++)
        memcpy(quotes + 3 * i, "%22", 3);
    world_login_tokens(w, "webhall");
    world_form_post(w, "/oidc/logout", "client_id=webhall&post_logout_redirect_uri=%s&state=%s",
                    world_url(w, "https://app.example/bye"), quotes);
    assert_int_equal(w->answer.status, 200);
    world_form_post(w, "/logout", "decision=yes&tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_true(*world_header(w, "Location") == '/'); /* a page of ours */
    assert_false(is_logged_in(w));
}

/* Whoever has a hint of a session that is over may still be somebody in this browser. */
static void
z7_the_hint_of_a_session_that_is_over_asks_by_get(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    logout(w, "id_token_hint=", tokens.id);
    world_log_in(w, 1);
    post_from_elsewhere(w, arena_printf(w->arena, "id_token_hint=%s", tokens.id));
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/oidc/logout?"));
    assert_true(is_logged_in(w));
}

/* oauth2-proxy's backend_logout_url calls by itself. */
static void
k8_a_get_without_a_cookie_and_with_a_hint_ends_that_session(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_audit_mark(w);
    world_send(w, &(struct world_call) {
                      .target = arena_printf(w->arena, "/oidc/logout?id_token_hint=%s", tokens.id),
                      .without_cookies = true });
    assert_arrived(w);
    assert_null(world_header(w, "Set-Cookie"));
    assert_audited(w, AUDIT_SESSION_ENDED, "hint");
    assert_false(is_logged_in(w));
}

static void
z7_a_cookie_that_did_not_come_is_never_cleared(void **state)
{
    struct world *w = *state;
    static const char *const targets[] = { "/oidc/logout", "/oidc/logout?client_id=webhall" };

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        world_send(w, &(struct world_call) { .target = targets[i], .without_cookies = true });
        assert_arrived(w);
        assert_null(world_header(w, "Set-Cookie"));
    }
    world_cookie_put(w, "__Host-session", "stale");
    world_get(w, "/oidc/logout");
    assert_arrived(w);
    assert_null(world_cookie(w, "__Host-session"));
}

/* A server that called by itself is not told "logged out": nothing was ended. */
static void
k8_a_hint_that_fails_is_refused_where_nobody_is_logged_in(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *hint;

    for (size_t i = 0; (hint = hint_that_fails(w, &tokens, i)) != NULL; i++) {
        world_send(w, &(struct world_call) {
                          .target = arena_printf(w->arena, "/oidc/logout?id_token_hint=%s", hint),
                          .without_cookies = true });
        assert_refused(w, &problem_logout_hint_invalid);
        assert_true(is_logged_in(w));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(z7_a_post_from_another_site_with_a_hint_ends_that_session),
        world_test(z7_b1_without_a_hint_it_is_asked_again_by_get_and_the_cookie_comes),
        world_test(z7_a_hint_that_does_not_hold_is_as_good_as_none),
        world_test(z7_what_fits_no_link_is_asked_without_it),
        world_test(a_state_of_4096_bytes_comes_back_from_the_question),
        world_test(z7_the_hint_of_a_session_that_is_over_asks_by_get),
        world_test(k8_a_get_without_a_cookie_and_with_a_hint_ends_that_session),
        world_test(z7_a_cookie_that_did_not_come_is_never_cleared),
        world_test(k8_a_hint_that_fails_is_refused_where_nobody_is_logged_in),
    };

    return world_run(tests);
}
