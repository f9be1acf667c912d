/* SPDX-License-Identifier: Apache-2.0 */
/* Logging out against the attack catalogue (SE-06 to SE-08); telling partners is
 * tests/session/test_logout.c, and who calls without the cookie test_end_session_elsewhere.c. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "tests/protocols/oidc/kit.h"
#include "tests/world.h"

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
    assert_arrived(w);
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
    assert_arrived(w);
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
    assert_arrived(w);
    assert_non_null(strstr(w->answer.body, "id=\"logout-yes\""));
    assert_true(is_logged_in(w));
}

/* The last answer asks the person. She says yes: logged out, on our own page. */
static void
assert_asked_and_stays(struct world *w)
{
    const char *cookie = world_cookie(w, "__Host-session");

    assert_arrived(w);
    assert_non_null(strstr(w->answer.body, "id=\"logout-yes\""));
    assert_true(is_logged_in(w));
    world_form_post(w, "/logout", "tx=%s&csrf=%s&decision=yes", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_arrived(w);
    assert_null(world_header(w, "Location"));
    assert_non_null(strstr(w->answer.body, "id=\"signed-out\""));
    assert_session_ended(w, cookie);
}

static const char *const not_registered[] = {
    "https://app.example/bye?x=1", "https://app.example/bye/", "https://app.example/BYE",
    "https://evil.example/bye",    "javascript:alert(1)",      "https://app.example/cb",
    "//app.example/bye",           "http://app.example/bye",   "https://app.example/bye#x",
};

#define NOT_REGISTERED (sizeof(not_registered) / sizeof(not_registered[0]))

static void
se_07_s11_an_address_that_is_not_registered_exactly_is_not_gone_to(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < NOT_REGISTERED; i++) {
        struct world_tokens tokens = world_login_tokens(w, "webhall");
        const char *cookie = world_cookie(w, "__Host-session");

        logout(w, arena_printf(w->arena, "id_token_hint=%s&post_logout_redirect_uri=", tokens.id),
               world_url(w, not_registered[i]));
        assert_arrived(w);
        assert_null(world_header(w, "Location"));
        assert_non_null(strstr(w->answer.body, "id=\"signed-out\""));
        assert_session_ended(w, cookie);
    }
}

static void
se_07_s11_without_a_hint_it_is_asked_and_not_gone_to_either(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < NOT_REGISTERED; i++) {
        world_log_in(w, 0);
        logout(w, "client_id=webhall&post_logout_redirect_uri=", world_url(w, not_registered[i]));
        assert_asked_and_stays(w);
    }
}

static void
se_07_s11_the_address_of_another_or_of_nobody_is_not_gone_to(void **state)
{
    static const char *const askers[] = { "hospital", "nobody" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(askers) / sizeof(askers[0]); i++) {
        world_log_in(w, 0);
        logout(w, RETURN "&client_id=", askers[i]);
        assert_asked_and_stays(w);
        logout(w, RETURN "&client_id=", askers[i]); /* once more, with nobody logged in */
        assert_arrived(w);
        assert_null(world_header(w, "Location"));
    }
}

static void
se_08_s11_with_a_hint_that_fails_the_person_is_asked_and_stays_here(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *hint;

    for (size_t i = 0; (hint = hint_that_fails(w, &tokens, i)) != NULL; i++) {
        logout(w, RETURN "&id_token_hint=", hint);
        assert_asked_and_stays(w);
        tokens = world_login_tokens(w, "webhall");
    }
}

static void
se_08_s11_a_hint_by_a_key_that_is_gone_is_no_way_back(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct keyring *keyring = (struct keyring *)w->services.keys;
    size_t count = keyring->signing_count;

    keyring->signing_count = 0;
    logout(w, RETURN "&client_id=webhall&id_token_hint=", tokens.id);
    keyring->signing_count = count;
    assert_asked_and_stays(w);
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
    assert_arrived(w);
    world_form_post(w, "/logout", "decision=yes");
    assert_arrived(w);
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
    assert_arrived(w);
    assert_null(world_header(w, "Location"));
}

/* Nobody vouches for the address, so it is not gone to; that is no reason to stay logged in. */
static void
s11_a_return_address_of_nobody_is_asked_about_and_not_gone_to(void **state)
{
    struct world *w = *state;
    const char *cookie;

    world_get(w, "/oidc/logout?" RETURN);
    assert_arrived(w);
    assert_non_null(strstr(w->answer.body, "id=\"signed-out\""));
    world_log_in(w, 0);
    cookie = world_cookie(w, "__Host-session");
    world_get(w, "/oidc/logout?" RETURN);
    assert_arrived(w);
    assert_non_null(strstr(w->answer.body, "id=\"logout-yes\""));
    world_form_post(w, "/logout", "tx=%s&csrf=%s&decision=yes", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_arrived(w);
    assert_session_ended(w, cookie);
}

/* The hint says whose session it is by itself: where to go back to nobody vouches for any more. */
static void
the_hint_of_a_removed_partner_still_logs_out(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partners(w, "{\"partners\":[]}");
    logout(w, RETURN "&id_token_hint=", tokens.id);
    assert_arrived(w);
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

    assert_int_equal(
        id_token_issue(&ctx, webhall,
                       &(struct identity) { .subject = subject_person(world_person(w, 0)),
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
        world_test(se_07_s11_an_address_that_is_not_registered_exactly_is_not_gone_to),
        world_test(se_07_s11_without_a_hint_it_is_asked_and_not_gone_to_either),
        world_test(se_07_s11_the_address_of_another_or_of_nobody_is_not_gone_to),
        world_test(se_08_s11_with_a_hint_that_fails_the_person_is_asked_and_stays_here),
        world_test(se_08_s11_a_hint_by_a_key_that_is_gone_is_no_way_back),
        world_test(se_08_an_expired_hint_is_as_good),
        world_test(who_is_logged_out_already_goes_back_at_once),
        world_test(the_button_needs_the_sessions_own_token),
        world_test(the_button_of_a_foreign_site_does_nothing),
        world_test(a_return_address_that_we_did_not_seal_is_left_out),
        world_test(s11_a_return_address_of_nobody_is_asked_about_and_not_gone_to),
        world_test(the_hint_of_a_removed_partner_still_logs_out),
        world_test(the_state_goes_behind_a_query_that_is_there_already),
        world_test(a_hint_that_names_no_grant_is_proof_of_its_own_session_only),
    };

    return world_run(tests);
}
