/* SPDX-License-Identifier: Apache-2.0 */
/* Logging out against the attack catalogue (SE-06 to SE-08); telling partners is
 * tests/session/test_logout.c. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "tests/world.h"

#define RETURN "post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye"

static bool
is_logged_in(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    return session.live;
}

/* The cookie is kept aside: what counts is whether the session still lives, not
 * whether the browser forgot it. */
static void
assert_session_ended(struct world *w, const char *cookie)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, cookie, &session), OK);
    assert_false(session.live);
    assert_null(world_cookie(w, "__Host-session"));
}

static void
logout(struct world *w, const char *format, const char *value)
{
    world_get(w, arena_printf(w->arena, "/oidc/logout?%s%s", format, value));
}

static void
a_logout_with_a_hint_ends_the_session_and_goes_back(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *cookie = world_cookie(w, "__Host-session");

    world_audit_mark(w);
    logout(w, RETURN "&state=a%26b&id_token_hint=", tokens.id);
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "https://app.example/bye?state=a%26b");
    assert_session_ended(w, cookie);
    assert_audited(w, AUDIT_SESSION_ENDED, "logout");
    assert_false(world_token_works(w, tokens.access));
}

static void
it_may_be_posted_as_well(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *cookie = world_cookie(w, "__Host-session");

    world_form_post(w, "/oidc/logout", "id_token_hint=%s", tokens.id);
    assert_int_equal(w->answer.status, 200);
    assert_session_ended(w, cookie);
}

static void
se_06_without_a_hint_the_person_is_asked(void **state)
{
    struct world *w = *state;
    const char *cookie;

    world_log_in(w, 0);
    cookie = world_cookie(w, "__Host-session");
    world_get(w, "/oidc/logout?client_id=webhall&" RETURN);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"logout-yes\""));
    assert_true(is_logged_in(w));
    world_form_post(w, "/logout", "tx=%s&csrf=%s&decision=yes", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "https://app.example/bye");
    assert_session_ended(w, cookie);
}

static void
se_06_who_says_no_stays(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/oidc/logout");
    world_form_post(w, "/logout", "csrf=%s&decision=no", world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/");
    assert_true(is_logged_in(w));
}

static void
se_06_the_hint_of_another_session_is_no_proof(void **state)
{
    struct world *w = *state;
    struct world_tokens other = world_login_tokens(w, "webhall");

    world_log_in(w, 1);
    logout(w, "id_token_hint=", other.id);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"logout-yes\""));
    assert_true(is_logged_in(w));
}

static void
se_07_where_to_go_must_be_registered_exactly(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *const wrong[] = {
        "https://app.example/bye?x=1", "https://app.example/bye/", "https://app.example/BYE",
        "https://evil.example/bye",    "javascript:alert(1)",      "https://app.example/cb",
        "//app.example/bye",           "http://app.example/bye",   "https://app.example/bye#x",
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        logout(w, arena_printf(w->arena, "id_token_hint=%s&post_logout_redirect_uri=", tokens.id),
               world_url(w, wrong[i]));
        assert_refused(w, &problem_logout_redirect_invalid);
        assert_true(is_logged_in(w));
    }
}

static void
se_07_a_return_address_of_another_is_refused(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/oidc/logout?client_id=hospital&" RETURN);
    assert_refused(w, &problem_logout_redirect_invalid);
    world_get(w, "/oidc/logout?client_id=nobody");
    assert_refused(w, &problem_logout_hint_invalid);
    assert_true(is_logged_in(w));
}

static void
se_08_an_altered_hint_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    char *altered = arena_text(w->arena, tokens.id);
    const char *wrong[] = { altered, tokens.access, tokens.refresh, "nonsense" };

    altered[strlen(altered) / 2] ^= 1;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        logout(w, RETURN "&id_token_hint=", wrong[i]);
        assert_refused(w, &problem_logout_hint_invalid);
        assert_true(is_logged_in(w));
    }
    logout(w, "client_id=hospital&id_token_hint=", tokens.id);
    assert_refused(w, &problem_logout_hint_invalid);
}

static void
se_08_an_expired_hint_is_as_good(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *cookie = world_cookie(w, "__Host-session");

    for (int i = 0; i < 4; i++) { /* kept in use, so that it does not end by idleness */
        world_advance(w, 1500);
        assert_true(is_logged_in(w));
    }
    logout(w, RETURN "&id_token_hint=", tokens.id);
    assert_int_equal(w->answer.status, 303);
    assert_session_ended(w, cookie);
}

static void
who_is_logged_out_already_goes_back_at_once(void **state)
{
    struct world *w = *state;

    world_get(w, "/oidc/logout?client_id=webhall&" RETURN);
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "https://app.example/bye");
    world_get(w, "/oidc/logout");
    assert_int_equal(w->answer.status, 200);
    world_form_post(w, "/logout", "decision=yes");
    assert_int_equal(w->answer.status, 200);
}

static void
the_button_needs_the_sessions_own_token(void **state)
{
    struct world *w = *state;
    const char *others;

    world_log_in(w, 1);
    world_get(w, "/oidc/logout");
    others = world_hidden(w, "csrf");
    world_log_in(w, 0);
    world_audit_mark(w);
    world_form_post(w, "/logout", "csrf=%s&decision=yes", others);
    assert_refused(w, &problem_form_forged);
    assert_audited(w, AUDIT_LOGIN_REJECTED, "csrf");
    world_form_post(w, "/logout", "decision=yes");
    assert_refused(w, &problem_form_forged);
    assert_true(is_logged_in(w));
}

static void
the_button_of_a_foreign_site_does_nothing(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/oidc/logout");
    world_send(w, &(struct world_call) { .target = "/logout",
                                         .form = arena_printf(w->arena, "csrf=%s&decision=yes",
                                                              world_hidden(w, "csrf")),
                                         .origin = "https://evil.example" });
    assert_refused(w, &problem_form_forged);
    assert_true(is_logged_in(w));
}

static void
a_return_address_that_we_did_not_seal_is_left_out(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/oidc/logout");
    world_form_post(w, "/logout", "tx=https%%3A%%2F%%2Fevil.example&csrf=%s&decision=yes",
                    world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 200);
    assert_null(world_header(w, "Location"));
}

/* Nobody vouches for the address, so it is not gone to; that is no reason to stay logged in. */
static void
s11_a_return_address_of_nobody_is_asked_about_and_not_gone_to(void **state)
{
    struct world *w = *state;
    const char *cookie;

    world_get(w, "/oidc/logout?" RETURN);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"signed-out\""));
    world_log_in(w, 0);
    cookie = world_cookie(w, "__Host-session");
    world_get(w, "/oidc/logout?" RETURN);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"logout-yes\""));
    world_form_post(w, "/logout", "tx=%s&csrf=%s&decision=yes", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 200);
    assert_session_ended(w, cookie);
}

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
    assert_int_equal(w->answer.status, 200);
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
    assert_int_equal(w->answer.status, 200);
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
        assert_int_equal(w->answer.status, 200);
        assert_null(world_header(w, "Set-Cookie"));
    }
    world_cookie_put(w, "__Host-session", "stale");
    world_get(w, "/oidc/logout");
    assert_int_equal(w->answer.status, 200);
    assert_null(world_cookie(w, "__Host-session"));
}

/* The hint says whose session it is by itself: where to go back to nobody vouches for any more. */
static void
the_hint_of_a_removed_partner_still_logs_out(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partners(w, "{\"partners\":[]}");
    logout(w, RETURN "&id_token_hint=", tokens.id);
    assert_int_equal(w->answer.status, 200);
    assert_null(world_cookie(w, "__Host-session"));
    assert_non_null(strstr(w->answer.body, "id=\"signed-out\""));
}

/* A registered address with a query of its own stays what was registered. */
static void
the_state_goes_behind_a_query_that_is_there_already(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"qs\",\"client_name\":\"Q\","
                      "\"redirect_uris\":[\"https://q.example/cb\"],"
                      "\"post_logout_redirect_uris\":[\"https://q.example/bye?from=us\"],"
                      "\"token_endpoint_auth_method\":\"none\"}]}");
    world_get(w, "/oidc/logout?client_id=qs&state=a%26b&post_logout_redirect_uri="
                 "https%3A%2F%2Fq.example%2Fbye%3Ffrom%3Dus");
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "https://q.example/bye?from=us&state=a%26b");
}

/* As the version before issued it: it names the session, and no grant. */
static const char *
hint_without_grant(struct world *w, const char *sid)
{
    struct ctx ctx = world_ctx(w);
    const struct partner *webhall = registry_find(w->services.registry, "webhall");
    const char *hint;

    assert_int_equal(id_token_issue(&ctx, webhall,
                                    &(struct identity) { .person_id = world_person(w, 0),
                                                         .sid = sid,
                                                         .grant_id = "",
                                                         .nonce = "",
                                                         .acr = "",
                                                         .amr = "pwd" },
                                    &hint),
                     OK);
    return hint;
}

static void
a_hint_that_names_no_grant_is_proof_of_its_own_session_only(void **state)
{
    struct world *w = *state;
    const char *cookie;

    world_log_in(w, 0);
    cookie = world_cookie(w, "__Host-session");
    logout(w, "id_token_hint=", hint_without_grant(w, "s_another"));
    assert_int_equal(w->answer.status, 200);
    assert_true(is_logged_in(w));
    logout(w, RETURN "&id_token_hint=", hint_without_grant(w, arena_copy(w->arena, cookie, 24)));
    assert_string_equal(world_header(w, "Location"), "https://app.example/bye");
    assert_session_ended(w, cookie);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_logout_with_a_hint_ends_the_session_and_goes_back),
        world_test(it_may_be_posted_as_well),
        world_test(se_06_without_a_hint_the_person_is_asked),
        world_test(se_06_who_says_no_stays),
        world_test(se_06_the_hint_of_another_session_is_no_proof),
        world_test(se_07_where_to_go_must_be_registered_exactly),
        world_test(se_07_a_return_address_of_another_is_refused),
        world_test(s11_a_return_address_of_nobody_is_asked_about_and_not_gone_to),
        world_test(z7_a_post_from_another_site_with_a_hint_ends_that_session),
        world_test(z7_b1_without_a_hint_it_is_asked_again_by_get_and_the_cookie_comes),
        world_test(z7_a_hint_that_does_not_hold_is_as_good_as_none),
        world_test(z7_what_fits_no_link_is_asked_without_it),
        world_test(z7_the_hint_of_a_session_that_is_over_asks_by_get),
        world_test(k8_a_get_without_a_cookie_and_with_a_hint_ends_that_session),
        world_test(z7_a_cookie_that_did_not_come_is_never_cleared),
        world_test(the_hint_of_a_removed_partner_still_logs_out),
        world_test(se_08_an_altered_hint_is_refused),
        world_test(se_08_an_expired_hint_is_as_good),
        world_test(who_is_logged_out_already_goes_back_at_once),
        world_test(the_button_needs_the_sessions_own_token),
        world_test(the_button_of_a_foreign_site_does_nothing),
        world_test(a_return_address_that_we_did_not_seal_is_left_out),
        world_test(the_state_goes_behind_a_query_that_is_there_already),
        world_test(a_hint_that_names_no_grant_is_proof_of_its_own_session_only),
    };

    return world_run(tests);
}
